import { callers, World, type CallerName, type DeployTokenBody } from "../support/world";

const world = new World();
beforeAll(() => world.start());
afterAll(() => world.stop());

const noon = world.now;
afterEach(() => {
  world.now = noon;
});

const project = "/projects/web%2Fgatsby-site/deploy_tokens";
const group = "/groups/web/deploy_tokens";
const fitting = { name: "pull", scopes: ["read_registry"] };

async function create(json: object, path = project): Promise<DeployTokenBody> {
  const answer = await world.api(path, { method: "POST", as: "owner", json });
  expect(answer).toMatchObject({ status: 201 });
  return answer.body as DeployTokenBody;
}

describe("deploy tokens", () => {
  // Every caller, in the order of `callers`: nobody, stranger, guest, reporter, developer, maintainer, owner, admin.
  const table: [place: string, endpoint: string, statuses: number[]][] = [
    [project, "list", [404, 404, 403, 403, 403, 200, 200, 200]],
    [project, "get", [404, 404, 403, 403, 403, 200, 200, 200]],
    [project, "create", [404, 404, 403, 403, 403, 201, 201, 201]],
    [project, "delete", [404, 404, 403, 403, 403, 204, 204, 204]],
    [group, "list", [404, 404, 403, 403, 403, 200, 200, 200]],
    [group, "get", [404, 404, 403, 403, 403, 200, 200, 200]],
    [group, "create", [404, 404, 403, 403, 403, 403, 201, 201]],
    [group, "delete", [404, 404, 403, 403, 403, 403, 204, 204]],
    ["/projects/open%2Fpublic/deploy_tokens", "list", [403, 403, 403, 403, 403, 200, 200, 200]],
    ["/projects/open%2Finternal/deploy_tokens", "list", [404, 403, 403, 403, 403, 200, 200, 200]],
    ["/projects/closed%2Flone/deploy_tokens", "list", [404, 404, 404, 200, 404, 404, 404, 200]],
    ["/groups/open/deploy_tokens", "list", [403, 403, 403, 403, 403, 200, 200, 200]],
    ["/groups/open/deploy_tokens", "create", [403, 403, 403, 403, 403, 403, 201, 201]],
  ];
  const cells = table.flatMap(([place, endpoint, statuses]) =>
    callers.map((caller, index): [string, CallerName, string, number] => [
      endpoint,
      caller,
      place,
      statuses[index],
    ]),
  );

  it.each(cells)("%s by %s at %s: %i", async (endpoint, caller, place, status) => {
    const one = async (): Promise<string> => {
      const path = place.slice(1).replace("/deploy_tokens", "");
      return `${place}/${(await world.createDeployToken(path, fitting)).id}`;
    };
    const calls: Record<string, () => ReturnType<World["api"]>> = {
      list: () => world.api(place, { as: caller }),
      get: async () => world.api(await one(), { as: caller }),
      create: () => world.api(place, { method: "POST", as: caller, json: fitting }),
      delete: async () => world.api(await one(), { method: "DELETE", as: caller }),
    };

    const answer = await calls[endpoint]();

    const hidden = `404 ${place.startsWith("/groups") ? "Group" : "Project"} Not Found`;
    const refusals: Record<number, string> = { 403: "403 Forbidden", 404: hidden };
    const message = refusals[status];
    expect(answer).toMatchObject({
      status,
      ...(message === undefined ? {} : { body: { message } }),
    });
  });

  it.each([
    ["project", project],
    ["group", group],
  ])("gives the token of a %s when it is made, and never again", async (_kind, path) => {
    const created = await create(
      { ...fitting, username: "cluster", expires_at: "2027-03-01" },
      path,
    );

    expect(created).toEqual({
      id: created.id,
      name: "pull",
      username: "cluster",
      expires_at: "2027-03-01T00:00:00.000Z",
      scopes: ["read_registry"],
      revoked: false,
      expired: false,
      token: expect.stringMatching(/^gldt-[\w-]{20,}$/) as string,
    });
    const { token, ...rest } = created;
    expect((await world.api(`${path}/${created.id}`, { as: "owner" })).body).toEqual(rest);
    const list = await world.api(`${path}?per_page=100`, { as: "owner" });
    expect(list.body).toContainEqual(rest);
    expect(list.text).not.toContain(token);
  });

  it("lists all of the instance for administrators", async () => {
    const made = [
      await create(fitting, group),
      await create({ ...fitting, expires_at: "2020-01-01" }),
    ];

    const list = await world.api("/deploy_tokens?per_page=100", { as: "admin" });
    const alive = await world.api("/deploy_tokens?per_page=100&active=true", { as: "admin" });

    const ids = ({ body }: typeof list): number[] =>
      (body as DeployTokenBody[]).map(({ id }) => id);
    expect(ids(list)).toEqual(expect.arrayContaining(made.map(({ id }) => id)));
    expect(ids(alive)).toContain(made[0].id);
    expect(ids(alive)).not.toContain(made[1].id);
  });

  it("counts ids over the whole instance and names users after them", async () => {
    const first = await create(fitting, group);
    const second = await create(fitting);

    expect(second.id).toBe(first.id + 1);
    expect(second.username).toBe(`gitlab+deploy-token-${second.id}`);
  });

  it("never gives an id again", async () => {
    const gone = await create(fitting);
    await world.api(`${project}/${gone.id}`, { method: "DELETE", as: "owner" });

    expect((await create(fitting)).id).toBe(gone.id + 1);
  });

  it("removes a token for good, with an empty answer", async () => {
    const { id } = await create(fitting);

    const answer = await world.api(`${project}/${id}`, { method: "DELETE", as: "owner" });

    expect(answer).toMatchObject({ status: 204, text: "" });
    for (const method of ["GET", "DELETE"] as const) {
      const again = await world.api(`${project}/${id}`, { method, as: "owner" });
      expect(again).toMatchObject({ status: 404, body: { message: "404 Not found" } });
    }
  });

  it("hides the tokens of one place from another", async () => {
    const { id } = await create(fitting);

    expect(await world.api(`${group}/${id}`, { as: "owner" })).toMatchObject({ status: 404 });
    expect(
      await world.api(`/projects/open%2Fpublic/deploy_tokens/${id}`, { as: "owner" }),
    ).toMatchObject({
      status: 404,
    });
  });

  it.each([
    ["a comma-separated list", { json: { name: "n", scopes: "read_registry, write_registry" } }],
    ["a list", { json: { name: "n", scopes: ["write_registry", "read_registry"] } }],
    [
      "form fields",
      {
        raw: "name=n&scopes[]=read_registry&scopes[]=write_registry",
        headers: { "content-type": "application/x-www-form-urlencoded" },
      },
    ],
  ])("takes scopes as %s, and lists them in its own order", async (_form, call) => {
    const answer = await world.api(project, { method: "POST", as: "owner", ...call });

    expect(answer).toMatchObject({
      status: 201,
      body: { name: "n", scopes: ["read_registry", "write_registry"] },
    });
  });

  it("takes parameters from the query", async () => {
    const answer = await world.api(`${project}?name=q&scopes=read_registry`, {
      method: "POST",
      as: "owner",
    });

    expect(answer).toMatchObject({ status: 201, body: { name: "q" } });
  });

  it.each([
    ["2027-03-01", "2027-03-01T00:00:00.000Z"],
    ["2027-03-01T10:30:00Z", "2027-03-01T10:30:00.000Z"],
    ["2027-03-01T10:30:00.123456Z", "2027-03-01T10:30:00.123Z"],
    ["2027-03-01T10:30:00+02:00", "2027-03-01T08:30:00.000Z"],
    ["2027-03-01T10:30:00-0130", "2027-03-01T12:00:00.000Z"],
    ["2027-03-01T10:30", "2027-03-01T10:30:00.000Z"],
    ["2028-02-29", "2028-02-29T00:00:00.000Z"],
    ["1999-12-31", "1999-12-31T00:00:00.000Z"],
    ["", null],
    [null, null],
  ])("reads expires_at %j as %j", async (given, expiresAt) => {
    expect((await create({ ...fitting, expires_at: given })).expires_at).toBe(expiresAt);
  });

  it.each([
    "soon",
    "2027-02-30",
    "2027-02-29",
    "2027-13-01",
    "2027-03-01T25:00Z",
    "01/03/2027",
    5,
    true,
    [],
    {},
  ])("refuses expires_at %j", async (expires_at) => {
    const answer = await world.api(project, {
      method: "POST",
      as: "owner",
      json: { ...fitting, expires_at },
    });

    expect(answer).toMatchObject({ status: 400, body: { error: "expires_at is invalid" } });
  });

  it.each([
    [{}, { error: "name is missing, scopes is missing" }],
    [{ name: "n" }, { error: "scopes is missing" }],
    [{ scopes: ["read_registry"] }, { error: "name is missing" }],
    [{ ...fitting, name: {} }, { error: "name is invalid" }],
    [{ ...fitting, name: ["n"] }, { error: "name is invalid" }],
    [{ ...fitting, username: {} }, { error: "username is invalid" }],
    [
      { ...fitting, scopes: ["read_registry", "everything"] },
      { error: "scopes does not have a valid value" },
    ],
    [{ ...fitting, scopes: "everything" }, { error: "scopes does not have a valid value" }],
    [{ ...fitting, scopes: [{}] }, { error: "scopes does not have a valid value" }],
    [
      { ...fitting, name: [], scopes: "x" },
      { error: "name is invalid, scopes does not have a valid value" },
    ],
    [{ ...fitting, scopes: [] }, { message: "Scopes can't be blank" }],
    [{ ...fitting, scopes: "" }, { message: "Scopes can't be blank" }],
    [
      { ...fitting, name: "n".repeat(256) },
      { message: "Name is too long (maximum is 255 characters)" },
    ],
    [
      { ...fitting, username: "a b" },
      { message: "Username can contain only letters, digits, '_', '-', '+', and '.'" },
    ],
    [
      { name: "n".repeat(256), scopes: [] },
      { message: "Scopes can't be blank and Name is too long (maximum is 255 characters)" },
    ],
    [[], { error: "name is missing, scopes is missing" }],
    ["text", { error: "name is missing, scopes is missing" }],
    [null, { error: "name is missing, scopes is missing" }],
  ])("refuses %j", async (json, body) => {
    const before = await world.api(project, { as: "owner" });

    expect(await world.api(project, { method: "POST", as: "owner", json })).toMatchObject({
      status: 400,
      body,
    });
    expect((await world.api(project, { as: "owner" })).headers["x-total"]).toBe(
      before.headers["x-total"],
    );
  });

  it.each(["A", "a.b_c-d+e9", "u".repeat(255)])("takes the username %j", async (username) => {
    expect((await create({ ...fitting, username })).username).toBe(username);
  });

  it("takes an empty username for none", async () => {
    const created = await create({ ...fitting, username: "" });

    expect(created.username).toBe(`gitlab+deploy-token-${created.id}`);
  });

  it.each([project, group])("refuses an id that is no number at %s", async (path) => {
    for (const method of ["GET", "DELETE"] as const) {
      const answer = await world.api(`${path}/123abc`, { method, as: "owner" });
      expect(answer).toMatchObject({ status: 400, body: { error: "token_id is invalid" } });
    }
  });

  it("calls a token expired from the day after, and lists it as inactive from the instant", async () => {
    const path = "/projects/web%2Finner%2Fdeep/deploy_tokens";
    const { id } = await create({ ...fitting, expires_at: "2027-01-05T12:00:00Z" }, path);
    const look = async (at: string): Promise<unknown[]> => {
      world.now = new Date(at);
      const one = (await world.api(`${path}/${id}`, { as: "owner" })).body as DeployTokenBody;
      const counts = ["", "?active=true", "?active=false"].map(
        async (query) =>
          ((await world.api(path + query, { as: "owner" })).body as unknown[]).length,
      );
      return [one.expired, ...(await Promise.all(counts))];
    };

    expect(await look("2027-01-05T12:00:00.000Z")).toEqual([false, 1, 1, 1]);
    expect(await look("2027-01-05T12:00:00.001Z")).toEqual([false, 1, 0, 1]);
    expect(await look("2027-01-06T00:00:00.000Z")).toEqual([true, 1, 0, 1]);
  });

  it("makes a token that is dead from the start", async () => {
    expect(await create({ ...fitting, expires_at: "2020-01-01" })).toMatchObject({ expired: true });
  });
});
