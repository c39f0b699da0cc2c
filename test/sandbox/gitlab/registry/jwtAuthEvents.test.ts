import { tokenOf, World } from "../support/world";
import { listAccess } from "./support/tokens";

let world: World;
beforeEach(async () => {
  world = new World();
  await world.start();
});
afterEach(() => world.stop());

const site = "web/gatsby-site";

describe("requests for a registry token", () => {
  it("are recorded: by whom, for what, and what came of it", async () => {
    const deployToken = await world.createDeployToken("groups/web", {
      name: "d",
      scopes: ["read_registry"],
    });
    const scope = `repository:${site}:pull,push`;
    await world.jwtAuth(`&scope=${scope}`, `x:${tokenOf("developer")}`);
    await world.jwtAuth(`&scope=${scope}`, `${deployToken.username}:${deployToken.token}`);
    await world.jwtAuth(`&scope=${scope}`);
    await world.jwtAuth(`&scope=${scope}`, "glpat-in-the-wrong-place:glpat-unknown");

    const events = world.state.events.list({ action: "registry_token" });
    expect(events).toMatchObject([
      {
        at: world.now.toISOString(),
        actor: "developer",
        credential: expect.stringMatching(/^personal_access_token \d+$/) as string,
        target: scope,
        details: { status: 200, granted: [`repository:${site}:pull,push`] },
      },
      {
        actor: deployToken.username,
        credential: `deploy_token ${deployToken.id}`,
        details: { status: 200, granted: [`repository:${site}:pull`] },
      },
      { actor: null, credential: null, details: { status: 403, granted: [] } },
      { actor: null, credential: null, details: { status: 401, granted: [] } },
    ]);
    const text = JSON.stringify(events);
    for (const secret of ["glpat-", deployToken.token]) expect(text).not.toContain(secret);
  });
});

describe("the credential of a request for a registry token", () => {
  it("is named by its kind, dead or alive", async () => {
    const { state } = world;
    const project = state.namespaces.findProject(site)!;
    const { id: userId } = state.resourceBots.create(
      { kind: "project", id: project.id },
      "bot",
      30,
      "gitlab.test",
    );
    const bot = state.accessTokens.create({ userId, name: "b", scopes: ["api"], expiresAt: null });
    const past = "2026-01-01";
    const dead = state.accessTokens.create({ userId, name: "b", scopes: ["api"], expiresAt: past });
    const expired = state.deployTokens.create({
      holder: { kind: "project", id: project.id },
      name: "d",
      scopes: ["read_registry"],
      username: "cluster",
      expiresAt: "2026-01-01T00:00:00.000Z",
    });
    const user = state.users.findByUsername("developer")!;
    const job = state.jobs.create({ pipelineId: 1, project, user, name: "b", stage: "b" });
    state.jobs.end(job, "success");

    await world.jwtAuth("", `x:${bot.value}`);
    await world.jwtAuth("", `x:${dead.value}`);
    await world.jwtAuth("", `cluster:${expired.value}`);
    await world.jwtAuth("", `gitlab-ci-token:${job.value}`);

    const named = [
      { credential: `project_access_token ${bot.id}` },
      { credential: `project_access_token ${dead.id}` },
      { actor: "cluster", credential: `deploy_token ${expired.id}` },
      { actor: "developer", credential: `job_token ${job.id}` },
    ];
    expect(state.events.list({ action: "registry_token" })).toMatchObject(named);
    expect(state.events.list({ action: "authentication_failed" })).toMatchObject(named.slice(1));
  });
});

describe("read-only maintenance", () => {
  it("grants pull alone, and makes no repository", async () => {
    await world.control.setMaintenance("read-only");

    const answer = await world.jwtAuth(
      `&scope=repository:${site}:pull,push,delete,*`,
      `x:${tokenOf("admin")}`,
    );

    expect(listAccess(answer)).toEqual([`${site}:pull`]);
    const project = world.state.namespaces.findProject(site)!;
    expect(world.state.containerRepositories.list(project)).toEqual([]);
  });
});

describe("a mount from another repository", () => {
  it("takes pull there and push here, in one token", async () => {
    const answer = await world.jwtAuth(
      `&scope=repository:${site}:pull,push&scope=repository:open/public:pull`,
      `x:${tokenOf("developer")}`,
    );
    const stranger = await world.jwtAuth(
      `&scope=repository:closed/lone:pull+repository:${site}:pull,push`,
      `x:${tokenOf("developer")}`,
    );

    expect(listAccess(answer)).toEqual([`${site}:pull,push`, "open/public:pull"]);
    expect(listAccess(stranger)).toEqual([`${site}:pull,push`]);
  });
});
