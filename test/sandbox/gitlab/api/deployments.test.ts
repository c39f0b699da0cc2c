import { statusesFor } from "../support/everyCaller";
import { World, type Answer } from "../support/world";

const world = new World();
beforeAll(() => world.start());
afterAll(() => world.stop());

const noon = world.now;
afterEach(() => {
  world.now = noon;
});

const site = "/projects/web%2Fgatsby-site/deployments";
const open = "/projects/open%2Fpublic/deployments";

interface Body {
  readonly id: number;
  readonly iid: number;
  readonly environment: { readonly id: number };
}

let shas = 0;

const post = (fields: object = {}, path = site): Promise<Answer> =>
  world.api(path, {
    method: "POST",
    as: "developer",
    json: {
      environment: "staging",
      sha: `sha-${++shas}`,
      ref: "main",
      tag: false,
      status: "success",
      ...fields,
    },
  });

async function create(fields: object = {}, path = site): Promise<Body> {
  const answer = await post(fields, path);
  expect(answer).toMatchObject({ status: 201 });
  return answer.body as Body;
}

const setStatus = (id: number, status: string): Promise<Answer> =>
  world.api(`${site}/${id}`, { method: "PUT", as: "developer", json: { status } });

describe("deployments", () => {
  // nobody, stranger, guest, reporter, developer, maintainer, owner, admin
  it.each<[string, string, number[]]>([
    ["list", site, [401, 404, 403, 200, 200, 200, 200, 200]],
    ["get", site, [401, 404, 403, 200, 200, 200, 200, 200]],
    ["create", site, [401, 404, 403, 403, 201, 201, 201, 201]],
    ["update", site, [401, 404, 403, 403, 200, 200, 200, 200]],
    ["delete", site, [401, 404, 403, 403, 403, 204, 204, 204]],
    ["list", open, [401, 200, 200, 200, 200, 200, 200, 200]],
    ["create", open, [401, 403, 403, 403, 201, 201, 201, 201]],
  ])("%s at %s: %j", async (endpoint, path, statuses) => {
    const found = await statusesFor(async (as) => {
      if (endpoint === "list") return world.api(path, { as });
      const json = { environment: "e", sha: "s", ref: "r", tag: false, status: "running" };
      if (endpoint === "create") return world.api(path, { method: "POST", as, json });
      const status = endpoint === "delete" ? "failed" : "running";
      const one = `${path}/${(await create({ status }, path)).id}`;
      if (endpoint === "get") return world.api(one, { as });
      if (endpoint === "delete") return world.api(one, { method: "DELETE", as });
      return world.api(one, { method: "PUT", as, json: { status: "success" } });
    });

    expect(found).toEqual(statuses);
  });

  it("make the environment that they go to", async () => {
    const created = await create({ environment: "review/new", sha: "abc", ref: "v1", tag: true });
    const user = expect.objectContaining({ username: "developer" }) as object;
    const deployment = {
      id: created.id,
      iid: created.iid,
      ref: "v1",
      sha: "abc",
      created_at: world.now.toISOString(),
      updated_at: world.now.toISOString(),
      user,
      deployable: null,
      status: "success",
    };

    expect(created).toEqual({
      ...deployment,
      environment: {
        id: created.environment.id,
        name: "review/new",
        slug: expect.stringMatching(/^review-new-[a-z0-9]{6}$/) as string,
        external_url: null,
        created_at: world.now.toISOString(),
        updated_at: world.now.toISOString(),
      },
    });
    expect((await world.api(`${site}/${created.id}`, { as: "reporter" })).body).toEqual(created);
    const environment = await world.api(
      `/projects/web%2Fgatsby-site/environments/${created.environment.id}`,
      { as: "reporter" },
    );
    expect(environment.body).toMatchObject({ tier: "development", last_deployment: deployment });
    expect((environment.body as { last_deployment: object }).last_deployment).toEqual(deployment);
  });

  it.each<[object, unknown]>([
    [
      { environment: undefined, tag: undefined },
      { error: "environment is missing, tag is missing" },
    ],
    [{ environment: "" }, { error: "environment is empty" }],
    [{ sha: "" }, { error: "sha is empty" }],
    [{ ref: "" }, { error: "ref is empty" }],
    [{ tag: "maybe" }, { error: "tag is invalid" }],
    [{ status: "created" }, { error: "status does not have a valid value" }],
    [
      { environment: "e".repeat(256) },
      { message: { name: ["is too long (maximum is 255 characters)"] } },
    ],
  ])("refuse %j", async (fields, body) => {
    const answer = await post(fields);

    expect({ status: answer.status, body: answer.body }).toEqual({ status: 400, body });
  });

  it.each<[string, string, string | undefined]>([
    ["running", "running", "run"],
    ["running", "success", undefined],
    ["running", "failed", undefined],
    ["running", "canceled", undefined],
    ["success", "running", "run"],
    ["success", "success", "succeed"],
    ["success", "failed", undefined],
    ["failed", "failed", "drop"],
    ["failed", "success", undefined],
    ["canceled", "canceled", "cancel"],
    ["canceled", "running", "run"],
  ])("go from %s to %s: refused as %s", async (from, to, event) => {
    const { id } = await create({ status: from });
    world.now = new Date("2027-01-01T13:00:00.000Z");
    const answer = await setStatus(id, to);

    expect({ status: answer.status, body: answer.body }).toMatchObject(
      event === undefined
        ? { status: 200, body: { status: to, updated_at: "2027-01-01T13:00:00.000Z" } }
        : { status: 400, body: { message: { status: [`cannot transition via "${event}"`] } } },
    );
  });

  it("that repeat what is deployed are no new ones", async () => {
    const fields = { environment: "twice", sha: "same" };
    const first = await create(fields);

    expect((await create(fields)).id).toBe(first.id);
    expect((await create({ ...fields, status: "running" })).id).not.toBe(first.id);
    expect((await create({ ...fields, sha: "other" })).id).not.toBe(first.id);
  });

  it("make a stopped environment available when they succeed", async () => {
    const { environment } = await create({ environment: "sleeping" });
    const path = `/projects/web%2Fgatsby-site/environments/${environment.id}`;
    const look = async () =>
      (await world.api(path, { as: "reporter" })).body as {
        state: string;
        last_deployment: { id: number };
      };
    await world.api(`${path}/stop`, { method: "POST", as: "developer" });

    const { id } = await create({ environment: "sleeping", status: "running" });
    expect(await look()).toMatchObject({ state: "stopped" });
    await setStatus(id, "success");
    expect(await look()).toMatchObject({ state: "available", last_deployment: { id } });
  });

  it("go, unless they run or are what is deployed", async () => {
    const fields = { environment: "cleaned" };
    const old = await create(fields);
    const current = await create(fields);
    const running = await create({ ...fields, status: "running" });
    const remove = ({ id }: Body): Promise<Answer> =>
      world.api(`${site}/${id}`, { method: "DELETE", as: "maintainer" });

    expect(await remove(running)).toMatchObject({
      status: 400,
      body: { message: "Cannot destroy running deployment" },
    });
    expect(await remove(current)).toMatchObject({
      status: 400,
      body: { message: "Deployment currently deployed to environment" },
    });
    expect(await remove(old)).toMatchObject({ status: 204, text: "" });
    expect(await remove(old)).toMatchObject({ status: 404, body: { message: "404 Not found" } });
  });

  it("are listed as is asked", async () => {
    const path = "/projects/open%2Finternal/deployments";
    const at = (hour: number): void => {
      world.now = new Date(Date.UTC(2027, 0, 1, hour));
    };
    at(1);
    const a = await create({ environment: "one", ref: "b" }, path);
    at(2);
    await create({ environment: "two", ref: "a", status: "running" }, path);
    at(3);
    await create({ environment: "one", ref: "c", status: "failed" }, path);
    at(4);
    await world.api(`${path}/${a.id}`, {
      method: "PUT",
      as: "developer",
      json: { status: "canceled" },
    });
    await world.api(`${path}/${a.id}`, {
      method: "PUT",
      as: "developer",
      json: { status: "success" },
    });
    const list = (query: string): Promise<Answer> =>
      world.api(`${path}?${query}`, { as: "reporter" });
    const iids = async (query: string): Promise<number[]> =>
      ((await list(query)).body as Body[]).map(({ iid }) => iid);

    expect(await iids("")).toEqual([1, 2, 3]);
    expect(await iids("sort=desc")).toEqual([3, 2, 1]);
    expect(await iids("order_by=ref")).toEqual([2, 1, 3]);
    expect(await iids("order_by=updated_at&sort=desc")).toEqual([1, 3, 2]);
    expect(await iids("environment=one")).toEqual([1, 3]);
    expect(await iids("environment=none")).toEqual([]);
    expect(await iids("status=running")).toEqual([2]);
    expect(await iids("order_by=updated_at&updated_after=2027-01-01T03:00:00Z")).toEqual([3, 1]);
    expect(
      await iids("order_by=finished_at&status=success&finished_after=2027-01-01T03:00:00Z"),
    ).toEqual([1]);
    expect(await list("per_page=1&page=2")).toMatchObject({
      body: [{ iid: 2 }],
      headers: { "x-total": "3", "x-next-page": "3" },
    });
    for (const [query, problem] of [
      ["updated_after=2027-01-01", "`updated_at` filter requires `updated_at` sort"],
      ["finished_after=2027-01-01", "`finished_at` filter requires `finished_at` sort."],
      [
        "finished_after=2027-01-01&order_by=finished_at",
        "`finished_at` filter must be combined with `success` status filter.",
      ],
      [
        "finished_after=2027-01-01&updated_after=2027-01-01",
        "Both `updated_at` filter and `finished_at` filter can not be specified",
      ],
    ]) {
      expect(await list(query)).toMatchObject({
        status: 400,
        body: { message: `400 Bad request - ${problem}` },
      });
    }
    expect(await list("order_by=name")).toMatchObject({
      status: 400,
      body: { error: "order_by does not have a valid value" },
    });
  });

  it("open to a job's token, and outlive a restart", async () => {
    const { token } = await world.control.startJob({
      project: "web/gatsby-site",
      user: "maintainer",
    });
    const headers = { "job-token": token };
    const json = { environment: "job", sha: "s", ref: "main", tag: false, status: "running" };
    const { body } = await world.api(site, { method: "POST", headers, json });
    const one = `${site}/${(body as Body).id}`;

    expect(body).toMatchObject({ user: { username: "maintainer" }, status: "running" });
    await world.restart();
    expect((await world.api(one, { headers })).body).toEqual(body);
    expect(
      await world.api(one, { method: "PUT", headers, json: { status: "failed" } }),
    ).toMatchObject({ status: 200 });
    expect(await world.api(site, { headers })).toMatchObject({ status: 200 });
    expect(await world.api(one, { method: "DELETE", headers })).toMatchObject({ status: 204 });
  });
});
