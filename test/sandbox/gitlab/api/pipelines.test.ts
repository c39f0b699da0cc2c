import { statusesFor } from "../support/everyCaller";
import { World, type Answer, type CallerName } from "../support/world";

const world = new World();
beforeAll(() => world.start());
afterAll(() => world.stop());

const noon = world.now;
afterEach(() => {
  world.now = noon;
});

const site = "/projects/web%2Fgatsby-site";
const open = "/projects/open%2Fpublic";
// Not on the branch that is protected.
const job = { project: "web/gatsby-site", user: "developer", ref: "next" } as const;

interface Body {
  readonly id: number;
  readonly iid: number;
  readonly status: string;
}

const post = (json: object = { ref: "next" }, path = site, as: CallerName = "developer") =>
  world.api(`${path}/pipeline`, { method: "POST", as, json });

async function create(json?: object, path?: string): Promise<Body> {
  const answer = await post(json, path);
  expect(answer).toMatchObject({ status: 201 });
  return answer.body as Body;
}

describe("pipelines", () => {
  // nobody, stranger, guest, reporter, developer, maintainer, owner, admin
  it.each<[string, string, number[]]>([
    ["list", site, [404, 404, 200, 200, 200, 200, 200, 200]],
    ["get", site, [404, 404, 200, 200, 200, 200, 200, 200]],
    ["latest", site, [404, 404, 200, 200, 200, 200, 200, 200]],
    ["jobs", site, [404, 404, 200, 200, 200, 200, 200, 200]],
    // Made by the developer, who may see what was given.
    ["variables", site, [404, 404, 403, 403, 200, 200, 200, 200]],
    ["create", site, [401, 404, 403, 403, 201, 201, 201, 201]],
    ["cancel", site, [401, 404, 403, 403, 200, 200, 200, 200]],
    ["retry", site, [401, 404, 403, 403, 201, 201, 201, 201]],
    ["delete", site, [401, 404, 403, 403, 403, 403, 204, 204]],
    ["list", open, [200, 200, 200, 200, 200, 200, 200, 200]],
    ["create", open, [401, 403, 403, 403, 201, 201, 201, 201]],
    ["variables", open, [403, 403, 403, 403, 200, 200, 200, 200]],
  ])("%s at %s: %j", async (endpoint, path, statuses) => {
    const found = await statusesFor(async (as) => {
      if (endpoint === "create") return post({ ref: "next" }, path, as);
      const one = `${path}/pipelines/${(await create({ ref: "next" }, path)).id}`;
      if (endpoint === "list") return world.api(`${path}/pipelines`, { as });
      if (endpoint === "latest") return world.api(`${path}/pipelines/latest?ref=next`, { as });
      if (endpoint === "get") return world.api(one, { as });
      if (endpoint === "delete") return world.api(one, { method: "DELETE", as });
      const method = ["cancel", "retry"].includes(endpoint) ? "POST" : "GET";
      return world.api(`${one}/${endpoint}`, { method, as });
    });

    expect(found).toEqual(statuses);
  });

  it("say everything of one", async () => {
    const created = await create({ ref: "some-branch" });
    const project = (await world.api(site, { as: "guest" })).body as { id: number };
    const basic = {
      id: created.id,
      iid: created.iid,
      project_id: project.id,
      sha: expect.stringMatching(/^[0-9a-f]{40}$/) as string,
      ref: "some-branch",
      status: "created",
      source: "api",
      created_at: world.now.toISOString(),
      updated_at: world.now.toISOString(),
      web_url: `${world.url}/web/gatsby-site/-/pipelines/${created.id}`,
    };
    const single = {
      ...basic,
      before_sha: "0".repeat(40),
      tag: false,
      yaml_errors: null,
      user: expect.objectContaining({ username: "developer" }) as object,
      started_at: null,
      finished_at: null,
      committed_at: null,
      duration: null,
      queued_duration: null,
      coverage: null,
      detailed_status: {
        icon: "status_created",
        text: "Created",
        label: "created",
        group: "created",
        tooltip: "created",
        has_details: true,
        details_path: `/web/gatsby-site/-/pipelines/${created.id}`,
        illustration: null,
        favicon: "/assets/ci_favicons/favicon_status_created.png",
      },
      archived: false,
    };

    expect(created).toEqual(single);
    expect((await world.api(`${site}/pipelines/${created.id}`, { as: "guest" })).body).toEqual({
      ...single,
      name: null,
    });
    const list = await world.api(`${site}/pipelines?ref=some-branch`, { as: "guest" });
    expect(list.body).toEqual([{ ...basic, name: null }]);
  });

  it("keep the variables that they were started with", async () => {
    const variables = [
      { key: "A", value: "1" },
      { key: "B", value: "2", variable_type: "file" },
    ];
    const created = await create({ ref: "next", variables });
    const { body } = await world.api(`${site}/pipelines/${created.id}/variables`, {
      as: "developer",
    });

    expect(created).not.toHaveProperty("variables");
    expect(body).toEqual([
      { variable_type: "env_var", key: "A", value: "1", raw: false },
      { variable_type: "file", key: "B", value: "2", raw: false },
    ]);
  });

  it.each<[object, unknown]>([
    [{}, { error: "ref is missing" }],
    [{ ref: "" }, { message: { base: ["Reference not found"] } }],
    [{ ref: "main", variables: "x" }, { error: "variables is invalid" }],
    [{ ref: "main", variables: [{ key: "A" }] }, { error: "variables is invalid" }],
  ])("refuse %j", async (json, body) => {
    expect(await post(json)).toMatchObject({ status: 400, body });
  });

  it("are as far as their jobs", async () => {
    const first = await world.control.startJob({ ...job, name: "build" });
    const second = await world.control.startJob({
      ...job,
      pipeline: first.pipelineId,
      name: "deploy",
      stage: "deploy",
      status: "pending",
    });
    const path = `${site}/pipelines/${first.pipelineId}`;
    const look = async (): Promise<object> =>
      (await world.api(path, { as: "guest" })).body as object;

    expect(await look()).toMatchObject({ status: "running", finished_at: null });
    world.now = new Date("2027-01-01T12:00:30.000Z");
    await world.control.endJob(first, "success");
    expect(await look()).toMatchObject({ status: "pending", finished_at: null });
    await world.control.runJob(second);
    world.now = new Date("2027-01-01T12:01:00.000Z");
    await world.control.endJob(second, "failed");
    expect(await look()).toMatchObject({
      status: "failed",
      started_at: "2027-01-01T12:00:00.000Z",
      finished_at: "2027-01-01T12:01:00.000Z",
      duration: 60,
      queued_duration: 0,
      updated_at: "2027-01-01T12:01:00.000Z",
    });

    const retried = await world.api(`${path}/retry`, { method: "POST", as: "developer" });
    expect(retried).toMatchObject({ status: 201, body: { status: "pending", finished_at: null } });
    const jobs = async (query: string): Promise<unknown[]> =>
      (
        (await world.api(`${path}/jobs${query}`, { as: "guest" })).body as Record<string, unknown>[]
      ).map(({ name, status }) => [name, status]);
    expect(await jobs("")).toEqual([
      ["deploy", "pending"],
      ["build", "success"],
    ]);
    expect(await jobs("?include_retried=true")).toEqual([
      ["deploy", "pending"],
      ["deploy", "failed"],
      ["build", "success"],
    ]);
    expect(await jobs("?scope[]=success&scope[]=failed")).toEqual([["build", "success"]]);

    const canceled = await world.api(`${path}/cancel`, { method: "POST", as: "developer" });
    expect(canceled).toMatchObject({ status: 200, body: { status: "canceled" } });
  });

  it("without jobs are canceled, too, and removed with all that is theirs", async () => {
    const { id } = await create();
    const path = `${site}/pipelines/${id}`;
    const cancel = () => world.api(`${path}/cancel`, { method: "POST", as: "developer" });

    expect(await cancel()).toMatchObject({ status: 200, body: { status: "canceled" } });
    expect(await cancel()).toMatchObject({ status: 200, body: { status: "canceled" } });
    const started = await world.control.startJob({ ...job, pipeline: id });
    expect(await world.api(path, { method: "DELETE", as: "owner" })).toMatchObject({ status: 204 });
    expect(await world.api(path, { as: "owner" })).toMatchObject({
      status: 404,
      body: { message: "404 Not found" },
    });
    expect(await world.api(`${site}/jobs/${started.id}`, { as: "owner" })).toMatchObject({
      status: 404,
    });
    expect(await world.api("/job", { headers: { "job-token": started.token } })).toMatchObject({
      status: 401,
    });
  });

  it("are given a name, also by a job", async () => {
    const started = await world.control.startJob(job);
    const path = `${site}/pipelines/${started.pipelineId}/metadata`;
    const headers = { "job-token": started.token };

    expect(
      await world.api(path, { method: "PUT", headers, json: { name: "Deploy" } }),
    ).toMatchObject({ status: 200, body: { name: "Deploy" } });
    expect(
      await world.api(path, { method: "PUT", as: "developer", json: { name: "" } }),
    ).toMatchObject({ status: 400, body: { error: "name is empty" } });
  });

  it("are listed as is asked, and the latest is the last of its branch", async () => {
    const path = "/projects/open%2Finternal";
    const internal = { project: "open/internal", user: "developer" } as const;
    const one = await world.control.startJob({ ...internal, ref: "b", sha: "1".repeat(40) });
    await world.control.endJob(one, "success");
    await world.control.startJob({ ...internal, ref: "v1", tag: true, user: "owner" });
    await create({ ref: "a" }, path);
    const list = (query: string): Promise<Answer> =>
      world.api(`${path}/pipelines?${query}`, { as: "guest" });
    const iids = async (query: string): Promise<number[]> =>
      ((await list(query)).body as Body[]).map(({ iid }) => iid);

    expect(await iids("")).toEqual([3, 2, 1]);
    expect(await iids("sort=asc")).toEqual([1, 2, 3]);
    expect(await iids("order_by=ref&sort=asc")).toEqual([3, 1, 2]);
    expect(await iids("status=success")).toEqual([1]);
    expect(await iids("scope=running")).toEqual([2]);
    expect(await iids("scope=pending")).toEqual([3]);
    expect(await iids("scope=finished")).toEqual([1]);
    expect(await iids("scope=tags")).toEqual([2]);
    expect(await iids("scope=branches")).toEqual([3, 1]);
    expect(await iids("source=push")).toEqual([2, 1]);
    expect(await iids("username=owner")).toEqual([2]);
    expect(await iids(`sha=${"1".repeat(40)}`)).toEqual([1]);
    expect(await list("per_page=1")).toMatchObject({ headers: { "x-total": "3" } });
    expect(await list("scope=all")).toMatchObject({
      status: 400,
      body: { error: "scope does not have a valid value" },
    });
    expect(await world.api(`${path}/pipelines/latest?ref=b`, { as: "guest" })).toMatchObject({
      body: { id: one.pipelineId },
    });
    expect(await world.api(`${path}/pipelines/latest?ref=none`, { as: "guest" })).toMatchObject({
      status: 403,
    });
  });

  it("are there after a restart", async () => {
    const { id } = await create();
    const before = await world.api(`${site}/pipelines/${id}`, { as: "guest" });
    await world.restart();

    expect((await world.api(`${site}/pipelines/${id}`, { as: "guest" })).body).toEqual(before.body);
  });
});
