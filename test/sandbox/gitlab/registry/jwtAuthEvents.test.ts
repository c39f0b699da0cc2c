import { tokenOf, World } from "../world";
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
