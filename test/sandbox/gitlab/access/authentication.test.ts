import { tokenOf, World, type DeployTokenBody } from "../support/world";

const world = new World();
beforeAll(() => world.start());
afterAll(() => world.stop());

const noon = world.now;
afterEach(() => {
  world.now = noon;
});

const deployToken = (): Promise<DeployTokenBody> =>
  world.createDeployToken("projects/web%2Fgatsby-site", { name: "d", scopes: ["read_registry"] });

describe("authentication", () => {
  const endpoints = ["/user", "/version", "/personal_access_tokens/self"];
  const public_ = ["/projects/open%2Fpublic", "/groups/open"];

  it.each(endpoints)("%s wants a token", async (path) => {
    expect(await world.api(path)).toMatchObject({
      status: 401,
      body: { message: "401 Unauthorized" },
    });
  });

  it.each([...endpoints, ...public_])("%s refuses an unknown token", async (path) => {
    expect(await world.api(path, { token: "glpat-unknown" })).toMatchObject({
      status: 401,
      body: { message: "401 Unauthorized" },
    });
  });

  it.each(public_)("%s needs none", async (path) => {
    expect(await world.api(path)).toMatchObject({ status: 200 });
  });

  it("takes a token as bearer, too", async () => {
    const headers = { authorization: `Bearer ${tokenOf("guest")}` };

    expect(await world.api("/user", { headers })).toMatchObject({
      status: 200,
      body: { username: "guest" },
    });
  });

  it.each([...endpoints, ...public_])("%s says of a token that it has expired", async (path) => {
    const token = tokenOf("owner", "mortal");
    world.now = new Date("2027-01-01T23:59:59.999Z");
    expect(await world.api(path, { token })).toMatchObject({ status: 200 });

    world.now = new Date("2027-01-02T00:00:00.000Z");
    const answer = await world.api(path, { token });

    expect(answer).toMatchObject({
      status: 401,
      body: {
        error: "invalid_token",
        error_description: "Token is expired. You can either do re-authorization or token refresh.",
      },
    });
    expect(answer.headers["www-authenticate"]).toMatch(/^Bearer realm=".*", error="invalid_token"/);
  });

  it.each([
    ["the parameter private_token", `?private_token=${tokenOf("guest")}`, {}],
    ["the parameter access_token", `?access_token=${tokenOf("guest")}`, {}],
    ["the parameter bearer_token", `?bearer_token=${tokenOf("guest")}`, {}],
    ["a parameter, in spite of a header", `?private_token=${tokenOf("guest")}`, { as: "owner" }],
    [
      "a header of GitLab's own, in spite of a bearer",
      "",
      { as: "guest", headers: { authorization: `Bearer ${tokenOf("owner")}` } },
    ],
    ["a bearer in lower case", "", { headers: { authorization: `bearer ${tokenOf("guest")}` } }],
  ] as const)("takes a token from %s", async (_where, query, call) => {
    expect(await world.api(`/user${query}`, call)).toMatchObject({ body: { username: "guest" } });
  });

  it("takes a token from the body", async () => {
    const json = { private_token: tokenOf("guest"), name: "n", scopes: ["self_rotate"] };

    expect(await world.api("/user/personal_access_tokens", { method: "POST", json })).toMatchObject(
      {
        status: 201,
      },
    );
  });

  it.each<[string, () => Promise<Record<string, string>>]>([
    [
      "a deploy token in its own header",
      async () => ({ "deploy-token": (await deployToken()).token }),
    ],
    [
      "a deploy token as a password",
      async () => {
        const { username, token } = await deployToken();
        return { authorization: `Basic ${Buffer.from(`${username}:${token}`).toString("base64")}` };
      },
    ],
    [
      "an access token as a password",
      () => {
        const login = Buffer.from(`x:${tokenOf("owner")}`).toString("base64");
        return Promise.resolve({ authorization: `Basic ${login}` });
      },
    ],
    ["an empty token", () => Promise.resolve({ "private-token": "" })],
    ["a job's token, also an unknown one", () => Promise.resolve({ "job-token": "glcbt-x" })],
    ["a job's token as a user's", () => Promise.resolve({ "private-token": "glcbt-x" })],
    ["a job's token as bearer", () => Promise.resolve({ authorization: "Bearer glcbt-x" })],
  ])("passes over %s", async (_what, compute) => {
    const headers = await compute();

    expect(await world.api("/user", { headers })).toMatchObject({ status: 401 });
    expect(await world.api(public_[0], { headers })).toMatchObject({ status: 200 });
  });

  it.each(["private-token", "authorization"])("refuses a deploy token in %s", async (name) => {
    const { token } = await deployToken();
    const headers = { [name]: name === "authorization" ? `Bearer ${token}` : token };

    expect(await world.api(public_[0], { headers })).toMatchObject({ status: 401 });
  });

  it("says of a token that it was revoked", async () => {
    const token = tokenOf("guest", "mortal");
    await world.api("/personal_access_tokens/self", { method: "DELETE", token });

    const answers = [await world.api("/user", { token }), await world.jwtAuth("", `x:${token}`)];

    expect(answers).toMatchObject([
      {
        status: 401,
        body: {
          error: "invalid_token",
          error_description: "Token was revoked. You have to re-authorize from the user.",
        },
      },
      { status: 401 },
    ]);
  });

  const create = { method: "POST", json: { name: "n", scopes: ["read_registry"] } } as const;
  const site = "/projects/web%2Fgatsby-site";
  it.each([
    ["/user", {}, ["api", "read_api", "read_user"]],
    ["/version", {}, ["api", "read_api", "read_user"]],
    [
      "/personal_access_tokens/self",
      {},
      ["api", "read_api", "read_user", "read_registry", "write_registry"],
    ],
    [site, {}, ["api", "read_api"]],
    ["/groups/web", {}, ["api", "read_api"]],
    [`${site}/deploy_tokens`, {}, ["api", "read_api"]],
    [`${site}/deploy_tokens`, create, ["api"]],
  ])("%s %j is opened by %j", async (path, call, opening) => {
    const refused = {
      status: 403,
      body: {
        error: "insufficient_scope",
        error_description:
          "The request requires higher privileges than provided by the access token.",
        scope: opening.includes("read_user") ? "read_user api read_api" : "api read_api",
      },
    };
    for (const scope of ["api", "read_api", "read_user", "read_registry", "write_registry"]) {
      const answer = await world.api(path, { ...call, token: tokenOf("maintainer", scope) });
      const opened = { status: "json" in call ? 201 : 200 };
      expect(answer).toMatchObject(opening.includes(scope) ? opened : refused);
    }
  });
});
