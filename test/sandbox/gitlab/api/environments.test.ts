import { environmentsOf, environmentsPath, type Environment } from "../support/environments";
import { statusesFor } from "../support/everyCaller";
import { World, type Answer } from "../support/world";

const world = new World();
beforeAll(() => world.start());
afterAll(() => world.stop());

const noon = world.now;
afterEach(() => {
  world.now = noon;
});

const site = environmentsPath;
const open = "/projects/open%2Fpublic/environments";
const { create, stop } = environmentsOf(world);

describe("environments", () => {
  // nobody, stranger, guest, reporter, developer, maintainer, owner, admin
  it.each<[string, string, number[]]>([
    ["list", site, [401, 404, 403, 200, 200, 200, 200, 200]],
    ["get", site, [401, 404, 403, 200, 200, 200, 200, 200]],
    ["create", site, [401, 404, 403, 403, 201, 201, 201, 201]],
    ["update", site, [401, 404, 403, 403, 200, 200, 200, 200]],
    ["stop", site, [401, 404, 403, 403, 200, 200, 200, 200]],
    ["delete", site, [401, 404, 403, 403, 204, 204, 204, 204]],
    ["stop stale ones of", site, [401, 404, 403, 403, 403, 200, 200, 200]],
    ["review apps of", site, [401, 404, 403, 401, 400, 400, 400, 400]],
    ["list", open, [401, 200, 200, 200, 200, 200, 200, 200]],
    ["create", open, [401, 403, 403, 403, 201, 201, 201, 201]],
    ["stop", open, [401, 403, 403, 403, 200, 200, 200, 200]],
    ["review apps of", open, [401, 401, 401, 401, 400, 400, 400, 400]],
  ])("%s %s: %j", async (endpoint, path, statuses) => {
    const found = await statusesFor(async (as) => {
      if (endpoint === "list") return world.api(path, { as });
      if (endpoint === "create") {
        const json = { name: `of-${as}` };
        return world.api(path, { method: "POST", as, json });
      }
      if (endpoint === "stop stale ones of") {
        const json = { before: "2026-01-01" };
        return world.api(`${path}/stop_stale`, { method: "POST", as, json });
      }
      if (endpoint === "review apps of") {
        return world.api(`${path}/review_apps`, { method: "DELETE", as });
      }
      const { id } = await create({}, path);
      if (endpoint === "get") return world.api(`${path}/${id}`, { as });
      if (endpoint === "stop") return stop(path, id, as);
      if (endpoint === "update") {
        return world.api(`${path}/${id}`, { method: "PUT", as, json: { tier: "other" } });
      }
      await stop(path, id);
      return world.api(`${path}/${id}`, { method: "DELETE", as });
    });

    expect(found).toEqual(statuses);
  });

  it("say everything of one", async () => {
    const created = await create({
      name: "review/fix-foo",
      external_url: "https://fix-foo.example.com",
      kubernetes_namespace: "site",
      flux_resource_path: "HelmRelease/site",
      description: "A branch",
      auto_stop_setting: "with_action",
    });
    const own = {
      id: created.id,
      name: "review/fix-foo",
      slug: expect.stringMatching(/^review-fix-foo-[a-z0-9]{6}$/) as string,
      external_url: "https://fix-foo.example.com",
      created_at: world.now.toISOString(),
      updated_at: world.now.toISOString(),
      tier: "development",
      state: "available",
      auto_stop_at: null,
      auto_stop_setting: "with_action",
      description: "A branch",
      cluster_agent: null,
      kubernetes_namespace: "site",
      flux_resource_path: "HelmRelease/site",
    };

    expect(created).toEqual({
      ...own,
      project: expect.objectContaining({ path_with_namespace: "web/gatsby-site" }) as object,
    });
    expect((await world.api(`${site}/${created.id}`, { as: "developer" })).body).toEqual({
      ...own,
      last_deployment: null,
    });
    // Where it runs is not for reporters to know.
    const shown = (await world.api(`${site}/${created.id}`, { as: "reporter" })).body;
    expect(shown).toMatchObject({ name: "review/fix-foo" });
    expect(shown).not.toHaveProperty("kubernetes_namespace");
    expect(shown).not.toHaveProperty("cluster_agent");
  });

  it("change but for name and slug", async () => {
    const { id, name } = await create({ external_url: "https://a.example.com" });
    world.now = new Date("2027-01-01T13:00:00.000Z");
    const put = (json: object): Promise<Answer> =>
      world.api(`${site}/${id}`, { method: "PUT", as: "developer", json });

    expect(await put({ name: "other", external_url: "", tier: "staging" })).toMatchObject({
      status: 200,
      body: { name, external_url: null, tier: "staging", updated_at: "2027-01-01T13:00:00.000Z" },
    });
    expect(await put({ slug: "x" })).toMatchObject({
      status: 400,
      body: { error: "slug is automatically generated and cannot be changed" },
    });
  });

  const rule =
    "can contain only letters, digits, '-', '_', '/', '$', '{', '}', '.', and spaces, but it cannot " +
    "start or end with '/'";
  it.each<[object, unknown]>([
    [{}, { error: "name is missing" }],
    [{ name: "a", slug: "b" }, { error: "slug is automatically generated and cannot be changed" }],
    [{ name: "a", tier: "moon" }, { error: "tier does not have a valid value" }],
    [
      { name: "a", cluster_agent_id: 1 },
      {
        message:
          "400 Bad request - cluster agent doesn't exist or cannot be associated with this environment",
      },
    ],
    [{ name: "" }, { message: { name: ["can't be blank", rule] } }],
    [{ name: "a/" }, { message: { name: [rule] } }],
    [{ name: "a:b" }, { message: { name: [rule] } }],
    [{ name: "n".repeat(256) }, { message: { name: ["is too long (maximum is 255 characters)"] } }],
    [{ name: "a", external_url: "nowhere" }, { message: { external_url: ["URI is invalid"] } }],
  ])("refuse %j", async (json, body) => {
    const answer = await world.api(site, { method: "POST", as: "developer", json });

    expect({ status: answer.status, body: answer.body }).toEqual({ status: 400, body });
  });

  it("have names of their own in each project", async () => {
    const { name } = await create();
    await create({ name }, open);
    const json = { name };

    expect(await world.api(site, { method: "POST", as: "developer", json })).toMatchObject({
      status: 400,
      body: { message: { name: ["has already been taken"] } },
    });
  });

  it("are listed by name, by a part of it and by state", async () => {
    const path = "/projects/open%2Finternal/environments";
    await create({ name: "staging" }, path);
    const { id } = await create({ name: "review/one" }, path);
    await create({ name: "production" }, path);
    await stop(path, id);
    const list = (query: string): Promise<Answer> =>
      world.api(`${path}?${query}`, { as: "reporter" });
    const listed = async (query: string): Promise<string[]> =>
      ((await list(query)).body as Environment[]).map(({ name }) => name);

    expect(await listed("")).toEqual(["production", "review/one", "staging"]);
    expect(await listed("name=staging")).toEqual(["staging"]);
    expect(await listed("name=stag")).toEqual([]);
    expect(await listed("search=TION")).toEqual(["production"]);
    expect(await listed("states=stopped")).toEqual(["review/one"]);
    expect(await listed("states=available")).toEqual(["production", "staging"]);
    expect(await list("per_page=2&page=2")).toMatchObject({
      body: [{ name: "staging" }],
      headers: { "x-total": "3", "x-total-pages": "2" },
    });
    expect(await list("search=st")).toMatchObject({
      status: 400,
      body: { message: "400 Bad request - Search query is less than 3 characters" },
    });
    expect(await list("name=a&search=abc")).toMatchObject({
      status: 400,
      body: { error: "name, search cannot be used together" },
    });
    expect(await list("states=gone")).toMatchObject({
      status: 400,
      body: { error: "states does not have a valid value" },
    });
  });

  it("are stopped first, and then removed", async () => {
    const { id } = await create();
    const remove = () => world.api(`${site}/${id}`, { method: "DELETE", as: "maintainer" });

    expect(await remove()).toMatchObject({ status: 403, body: { message: "403 Forbidden" } });
    expect(await stop(site, id)).toMatchObject({ status: 200, body: { state: "stopped" } });
    expect(await stop(site, id)).toMatchObject({ status: 200, body: { state: "stopped" } });
    expect(await remove()).toMatchObject({ status: 204, text: "" });
    for (const answer of [await remove(), await stop(site, id)]) {
      expect(answer).toMatchObject({ status: 404, body: { message: "404 Not found" } });
    }
  });

  it("open to a running job's token", async () => {
    const job = await world.control.startJob({ project: "web/gatsby-site", user: "developer" });
    const headers = { "job-token": job.token };
    const json = { name: "from-a-job" };
    const created = await world.api(site, { method: "POST", headers, json });
    const one = `${site}/${(created.body as Environment).id}`;

    expect(created).toMatchObject({ status: 201 });
    expect(await world.api(site, { headers })).toMatchObject({ status: 200 });
    expect(await world.api(one, { headers })).toMatchObject({ status: 200 });
    expect(await world.api(one, { method: "PUT", headers, json: { tier: "other" } })).toMatchObject(
      { status: 200 },
    );
    expect(await world.api(`${one}/stop`, { method: "POST", headers })).toMatchObject({
      status: 200,
    });
    expect(await world.api(one, { method: "DELETE", headers })).toMatchObject({ status: 204 });
    await world.control.endJob(job, "success");
    expect(await world.api(site, { headers })).toMatchObject({ status: 401 });
  });

  it("are there after a restart", async () => {
    const { id } = await create();
    const before = await world.api(`${site}/${id}`, { as: "developer" });
    await world.restart();

    expect((await world.api(`${site}/${id}`, { as: "developer" })).body).toEqual(before.body);
  });
});
