import { tokenOf } from "../../sandbox/gitlab/support/world";
import { answerAsRegistry, DoctorWorld, listCauses, type TriedLogin } from "./support/doctorWorld";

const world = new DoctorWorld();
const project = "web/gatsby-site";
const ofProject = `projects/${encodeURIComponent(project)}`;

beforeAll(() => world.start());
afterAll(() => world.stop());
afterEach(() => world.reset());

async function createToken(scopes: readonly string[], path = ofProject): Promise<TriedLogin> {
  const { token, username } = await world.gitlab.createDeployToken(path, { name: "x", scopes });
  return { username, password: token };
}

const run = async (login?: TriedLogin, path = project) => listCauses(await world.run(path, login));

describe("a login", () => {
  it("of a healthy registry has no finding", async () => {
    const results = await world.run(project, await createToken(["read_registry"]));

    expect(listCauses(results)).toEqual({});
    expect(results.map(({ status }) => status)).not.toContain("skipped");
    expect(results.flatMap(({ warnings = [] }) => warnings)).toEqual([]);
  });

  it("with GitLab's access token has no finding either", async () => {
    expect(await run()).toEqual({});
  });

  it.each([
    ["open/public", "registry for everyone, without a login"],
    ["open/internal", "registry for every user of this GitLab"],
    ["open/members-only", "registry for the project's members"],
    ["web/gatsby-site", "registry for the project's members"],
  ])("to %s says who may pull", async (path, audience) => {
    const results = await world.run(path);
    const gitlab = results.find(({ step }) => step.id === "gitlab");
    expect(gitlab?.detail).toBe(`scopes api; ${audience}`);
  });

  it("to a protected repository says by which rules", async () => {
    const json = {
      repository_path_pattern: "open/public*",
      minimum_access_level_for_push: "maintainer",
    };
    const path = "/projects/open%2Fpublic/registry/protection/repository/rules";
    await world.gitlab.api(path, { method: "POST", as: "maintainer", json });
    const results = await world.run("open/public");
    expect(results.find(({ step }) => step.id === "gitlab")?.detail).toBe(
      "scopes api; registry for everyone, without a login, protected: open/public*",
    );
  });

  it("with a wrong password", async () => {
    const { username } = await createToken(["read_registry"]);
    expect(await run({ username, password: "wrong" })).toEqual({
      login: [
        `GitLab refuses \`--username\` ("${username}"): the user name exists, the password is wrong.`,
      ],
    });
  });

  it("with a deploy token that expired", async () => {
    const args = { name: "x", scopes: ["read_registry"], expires_at: "2020-01-01" };
    const { token, username } = await world.gitlab.createDeployToken(ofProject, args);
    const causes = await run({ username, password: token });
    expect(causes.login?.join()).toMatch(/^GitLab refuses .*: it expired at 2020-01-01T.*\.$/);
  });

  it("with GitLab's token of a blocked user", async () => {
    const body = { message: "403 Forbidden - Your account has been blocked." };
    const route = "/personal_access_tokens/self";
    await world.gitlab.control.addFault({ route, status: 403, body });
    expect(await run()).toEqual({ gitlab: ["The user of `GITLAB_TOKEN` is blocked in GitLab."] });
  });

  it("while GitLab's API is in maintenance says so at once", async () => {
    const fault = await world.gitlab.control.addFault({ route: "/personal_*", status: 503 });
    expect((await run()).gitlab?.join()).toMatch(/^Request failed with status code 503: GET /);
    const [{ id, struck }] = await world.gitlab.control.faults();
    expect({ id, struck }).toEqual({ id: fault.id, struck: 1 });
  });

  it("with a deploy token's wrong user name", async () => {
    const { password } = await createToken(["read_registry"]);
    expect(await run({ username: "me", password })).toEqual({
      login: [
        'GitLab refuses `--username` ("me"): the user name or the password is wrong, or the token expired or was revoked. An account with two-factor authentication needs a token instead of its password.',
      ],
    });
  });

  it("with an access token that expired", async () => {
    await world.gitlab.control.setClock({ offsetSeconds: 10 * 24 * 60 * 60 });
    expect(await run({ username: "x", password: tokenOf("developer", "mortal") })).toEqual({
      login: ['GitLab refuses `--username` ("x"): it is an access token that expired.'],
    });
  });

  it("with a token that lacks the scope", async () => {
    const login = await createToken(["read_repository"]);
    expect(await run(login)).toEqual({
      login: [
        `GitLab accepts \`--username\` ("${login.username}"), but it has no right to the registry of \`${project}\`: it lacks the scope \`read_registry\`, or belongs to another project.`,
      ],
    });
  });

  it("with a token of another project", async () => {
    const login = await createToken(["read_registry"], "projects/closed%2Flone");
    expect(await run(login)).toEqual({
      repository: [
        "`--username` may not pull in `web/gatsby-site`: GitLab accepts the credentials, but they belong to another project or lack the scope `read_registry`.",
      ],
    });
  });

  it("to a project that does not exist", async () => {
    expect(await run(undefined, "web/gatsby-sit")).toEqual({
      repository: [
        "GitLab has no project `web/gatsby-sit`, or the access token's user can't see it.",
      ],
      gitlab: [
        "GitLab has no project `web/gatsby-sit`, or the user of `GITLAB_TOKEN` can't see it.",
      ],
    });
  });

  it("to a project whose registry is off", async () => {
    const causes = await run(undefined, "open/off");
    expect(Object.values(causes).flat()).toContain("The container registry of `open/off` is off.");
  });

  it.each([
    [
      { archived: true },
      "`web/gatsby-site` is archived, so nothing can be pushed to its registry.",
    ],
    [
      { path_with_namespace: "web/site" },
      "`web/gatsby-site` was renamed to `web/site`. The registry knows the new path only.",
    ],
  ])("to a project that is %j, in which no user may push", async (change, cause) => {
    const body = { path_with_namespace: project, ...change };
    await world.gitlab.control.addFault({ route: "/projects/:id", status: 200, body });
    world.env = { GITLAB_TOKEN: tokenOf("reporter") };
    expect(await run()).toEqual({ repository: [cause], gitlab: [cause] });
  });

  it("that may pull only, with GitLab's token of a reporter", async () => {
    world.env = { GITLAB_TOKEN: tokenOf("reporter") };
    expect(await run()).toEqual({
      repository: [
        "`GITLAB_TOKEN` may not push in `web/gatsby-site`: it lacks the scope `write_registry`, or its user the role Developer.",
      ],
      gitlab: [
        "The user of `GITLAB_TOKEN` has the role less than Developer in `web/gatsby-site`, and deploy tokens need Maintainer.",
      ],
    });
  });

  it.each([
    [
      { status: 429 },
      "GitLab limits or bans requests from this address (status 429), after too many requests or wrong passwords.",
    ],
    [
      { status: 403, body: "Forbidden" },
      "GitLab limits or bans requests from this address (status 403), after too many requests or wrong passwords.",
    ],
    [
      { status: 502 },
      "GitLab's token service at gitlab.test has a problem of its own (status 502).",
    ],
    [
      { status: 404, body: "" },
      "GitLab's registry is off, or its token service is not at https://gitlab.test/jwt/auth (status 404).",
    ],
    [{ cut: true }, "gitlab.test gave no answer to GET /jwt/auth: other side closed."],
  ])("when the token service answers %j", async (fault, cause) => {
    await world.gitlab.control.addFault({ route: "/jwt/auth", ...fault });
    expect(await run()).toEqual({ login: [cause] });
  });

  it("whose token the registry does not accept", async () => {
    world.registry = (incoming, response) => {
      if (incoming.headers.authorization === undefined) answerAsRegistry(incoming, response);
      else response.writeHead(401, { "www-authenticate": 'error="invalid_token"' }).end();
    };
    await world.gitlab.control.setClock({ offsetSeconds: 0 });
    const causes = await run();
    expect(causes.repository?.join()).toMatch(
      /^The registry refuses the token that GitLab has just given( \(GitLab's clock is \d+ seconds ahead of this machine's\))?: their clocks differ, or the registry has another key or issuer\.$/,
    );
  });

  it("with GitLab's token revoked, wrong or without the scope", async () => {
    world.env = { GITLAB_TOKEN: "glpat-wrong" };
    expect((await run()).gitlab).toEqual([
      "GitLab does not accept `GITLAB_TOKEN`: it is wrong, expired or revoked.",
    ]);
    world.env = { GITLAB_TOKEN: tokenOf("maintainer", "read_registry") };
    expect((await run()).gitlab).toEqual([
      "`GITLAB_TOKEN` has the scopes read_registry, and deploy tokens need `api`.",
    ]);
    world.env = { GITLAB_TOKEN: tokenOf("maintainer", "read_api") };
    expect((await run()).gitlab).toEqual([
      "`GITLAB_TOKEN` has the scopes read_api, and deploy tokens need `api`.",
    ]);
  });
});
