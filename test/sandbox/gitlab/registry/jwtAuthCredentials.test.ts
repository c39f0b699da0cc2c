import { tokenOf, World, type Answer } from "../support/world";
import { login, password, passwordSeed, verifyAccess } from "./support/verifiedTokens";

const world = new World();
beforeAll(() => world.start({ seed: passwordSeed }));
afterAll(() => world.stop());

const noon = world.now;
afterEach(() => {
  world.now = noon;
});

const site = "web/gatsby-site";
const granted = (answer: Answer) => verifyAccess(world, answer);

describe("who may do what", () => {
  const asked = "pull,push,delete,*";

  it.each([
    [site, "guest", []],
    [site, "reporter", ["pull"]],
    [site, "developer", ["pull,push"]],
    [site, "maintainer", [asked]],
    [site, "owner", [asked]],
    [site, "admin", [asked]],
    [site, "stranger", []],
    ["open/public", "stranger", ["pull"]],
    ["open/public", "developer", ["pull,push"]],
    ["open/internal", "stranger", ["pull"]],
    ["open/members-only", "stranger", []],
    ["open/members-only", "guest", []],
    ["open/members-only", "reporter", ["pull"]],
    ["open/off", "owner", []],
    ["open/off", "admin", []],
    ["closed/lone", "reporter", [asked]],
    ["closed/lone", "owner", []],
  ])("in %s a %s with a token for everything: %j", async (name, user, actions) => {
    const answer = await world.jwtAuth(
      `&scope=repository:${name}:${asked}`,
      `any:${tokenOf(user)}`,
    );

    expect(await granted(answer)).toEqual(actions.map((list) => `${name}:${list}`));
  });

  it.each([
    ["read_registry", ["pull"]],
    ["write_registry", ["push"]],
    ["api", [asked]],
  ])("a maintainer's token with %s alone: %j", async (scope, actions) => {
    const answer = await world.jwtAuth(
      `&scope=repository:${site}:${asked}`,
      `any:${tokenOf("maintainer", scope)}`,
    );

    expect(await granted(answer)).toEqual(actions.map((list) => `${site}:${list}`));
  });

  it.each([
    ["open/public", ["pull"]],
    ["open/internal", undefined],
    ["open/members-only", undefined],
    ["open/off", undefined],
    [site, undefined],
  ])("nobody in %s: %j", async (name, actions) => {
    const answer = await world.jwtAuth(`&scope=repository:${name}:${asked}`);

    const outcome = answer.status === 200 ? await granted(answer) : answer.status;
    expect(outcome).toEqual(actions?.map((list) => `${name}:${list}`) ?? 403);
  });

  it.each([
    ["projects/web%2Fgatsby-site", ["read_registry"], site, ["pull"]],
    ["projects/web%2Fgatsby-site", ["write_registry"], site, ["push"]],
    ["projects/web%2Fgatsby-site", ["read_registry", "write_registry"], site, ["pull,push"]],
    ["projects/web%2Fgatsby-site", ["read_registry", "write_registry"], "web/inner/deep", []],
    ["groups/web", ["read_registry", "write_registry"], site, ["pull,push"]],
    ["groups/web", ["read_registry", "write_registry"], "web/inner/deep", ["pull,push"]],
    ["groups/web", ["read_registry", "write_registry"], "closed/lone", []],
    ["groups/web%2Finner", ["read_registry"], "web/inner/deep", ["pull"]],
    ["groups/web%2Finner", ["read_registry"], site, []],
    ["groups/open", ["read_registry", "write_registry"], "open/off", []],
  ])("a deploy token of %s with %j in %s: %j", async (holder, scopes, name, actions) => {
    const token = await world.createDeployToken(holder, { name: "d", scopes });

    const answer = await world.jwtAuth(`&scope=repository:${name}:${asked}`, login(token));

    expect(await granted(answer)).toEqual(actions.map((list) => `${name}:${list}`));
  });

  it("a user's own password, where there is no second factor", async () => {
    const answer = await world.jwtAuth(`&scope=repository:${site}:${asked}`, `typist:${password}`);

    expect(await granted(answer)).toEqual([`${site}:pull,push`]);
  });

  it("the catalog is for administrators alone", async () => {
    const ask = (user: string): Promise<Answer> =>
      world.jwtAuth("&scope=registry:catalog:*", `any:${tokenOf(user)}`);

    expect(await granted(await ask("admin"))).toEqual(["catalog:*"]);
    expect(await granted(await ask("owner"))).toEqual([]);
  });
});

describe("a deploy token's life", () => {
  const read = { name: "d", scopes: ["read_registry"] };

  it("takes the exact user name", async () => {
    const token = await world.createDeployToken("groups/web", { ...read, username: "cluster" });

    for (const username of ["cluster2", "Cluster", "", "gitlab-ci-token"]) {
      expect(await world.jwtAuth("", `${username}:${token.token}`)).toMatchObject({ status: 401 });
    }
    expect(await world.jwtAuth("", `cluster:${token.token}`)).toMatchObject({ status: 200 });
  });

  it("ends when it is deleted", async () => {
    const token = await world.createDeployToken("groups/web", read);
    expect(await world.jwtAuth("", login(token))).toMatchObject({ status: 200 });

    await world.api(`/groups/web/deploy_tokens/${token.id}`, { method: "DELETE", as: "owner" });

    expect(await world.jwtAuth("", login(token))).toMatchObject({ status: 401 });
  });

  it("ends at the exact instant", async () => {
    const token = await world.createDeployToken("groups/web", {
      ...read,
      expires_at: "2027-01-09",
    });

    world.now = new Date("2027-01-09T00:00:00.000Z");
    expect(await world.jwtAuth("", login(token))).toMatchObject({ status: 200 });
    world.now = new Date("2027-01-09T00:00:00.001Z");
    expect(await world.jwtAuth("", login(token))).toMatchObject({ status: 401 });
  });

  it("opens nothing of the REST API", async () => {
    const { token } = await world.createDeployToken("projects/web%2Fgatsby-site", read);

    const answer = await world.api("/projects/web%2Fgatsby-site", { token });

    expect(answer).toMatchObject({ status: 401, body: { message: "401 Unauthorized" } });
  });
});

describe("a personal access token's life", () => {
  it("ends with the start of the day of its expiry", async () => {
    const credential = `x:${tokenOf("owner", "mortal")}`;

    world.now = new Date("2027-01-01T23:59:59.999Z");
    expect(await world.jwtAuth("", credential)).toMatchObject({ status: 200 });
    world.now = new Date("2027-01-02T00:00:00.000Z");
    expect(await world.jwtAuth("", credential)).toMatchObject({ status: 401 });
  });
});
