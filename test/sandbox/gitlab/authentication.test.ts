import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { tokenOf, World } from "./world";

const world = new World();
beforeAll(() => world.start());
afterAll(() => world.stop());

const noon = world.now;
afterEach(() => {
  world.now = noon;
});

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

  it("says of a token that it was revoked", async () => {
    // No endpoint of this API revokes yet: the record is changed where it is stored.
    const database = new DatabaseSync(join(world.folder, "data", "gitlab.sqlite"));
    const revoke = database.prepare(
      "UPDATE personal_access_tokens SET revoked = ? WHERE name = 'mortal'",
    );
    revoke.run(1);
    const token = tokenOf("guest", "mortal");

    const answers = [await world.api("/user", { token }), await world.jwtAuth("", `x:${token}`)];
    revoke.run(0);
    database.close();

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
