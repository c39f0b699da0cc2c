import { ScriptWorld } from "./support/script";

let world: ScriptWorld;

beforeEach(() => {
  world = new ScriptWorld();
});

afterEach(() => world.remove());

describe("drift.sh", () => {
  it("compares everything but the tags that a cleanup policy may delete", async () => {
    world.stub("pulumi");
    expect(await world.run("drift.sh dev")).toEqual({
      code: 0,
      output: "",
      calls: [
        "pulumi refresh --preview-only --expect-no-changes --diff --stack dev --non-interactive --exclude **::site-image --exclude **::release-commit --exclude **::release-branch",
      ],
    });
  });

  it("says how to repair what it found", async () => {
    world.stub("pulumi", "exit 7");
    expect(await world.run("drift.sh dev")).toMatchObject({
      code: 7,
      output: `
Stack \`dev\` has drifted, or its resources can't be read: see above.
To set everything to what the program says, also fields that something else has taken over:
  PULUMI_K8S_ENABLE_PATCH_FORCE=true pulumi up --refresh --run-program --stack dev
`,
    });
  });
});
