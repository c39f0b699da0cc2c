import { ScriptWorld } from "./support/script";

const digest = `sha256:${"a".repeat(64)}`;
let world: ScriptWorld;

beforeEach(() => {
  world = new ScriptWorld();
  world.write("Pulumi.yaml", 'name: "gatsby-site" # the site\nruntime: nodejs\n');
  world.stub("npx");
});

afterEach(() => world.remove());

function stubPulumi(outputs: object, release: string): void {
  world.stub(
    "pulumi",
    `case "$1 $2" in
      "stack output") echo '${JSON.stringify(outputs)}' ;;
      "config get") ${release === "" ? "exit 1" : `echo ${release}`} ;;
    esac`,
  );
}

const env = { NODE_PATH: `${process.cwd()}/node_modules` };
const rotate = (stack: string) => world.run(`rotate.sh ${stack}`, env);
const targets = "--target **DeployToken** --target **kubernetes:core/v1:Secret**";

describe("rotate.sh", () => {
  it("updates only the tokens and the pull secret of a stack that builds", async () => {
    stubPulumi({ digest }, "");
    const { calls, code } = await rotate("dev");
    expect(code).toBe(0);
    expect(calls.at(-1)).toBe(
      `npx slipway up dev --yes -- --skip-preview --non-interactive ${targets}`,
    );
  });

  it("pins a stack that promotes to what it runs, in a copy of its file", async () => {
    stubPulumi({ digest }, "promote");
    world.write("Pulumi.prod.yaml", "config:\n  gatsby-site:release: promote\n");
    // As Pulumi does with `--config`: it writes to the file.
    world.stub("npx", 'echo "pinned" >>"$9"; cp "$9" copy');
    const { calls, code } = await rotate("organization/gatsby-site/prod");
    expect(code).toBe(0);
    expect(calls.at(-1)).toMatch(
      new RegExp(
        `^npx slipway up organization/gatsby-site/prod --yes -- --skip-preview --non-interactive --config-file /\\S+/Pulumi.yaml --config digest=${digest} `,
      ),
    );
    expect(world.read("copy")).toBe("config:\n  gatsby-site:release: promote\npinned\n");
    expect(world.read("Pulumi.prod.yaml")).toBe("config:\n  gatsby-site:release: promote\n");
  });

  it("has nothing to do for a stack without a release", async () => {
    stubPulumi({}, "promote");
    const { calls, code, output } = await rotate("prod");
    expect(code).toBe(0);
    expect(output).toBe("Stack `prod` has no release yet, so there are no tokens to rotate.\n");
    expect(calls).toEqual(["pulumi stack output --json --stack prod"]);
  });

  it("fails for a stack that does not exist, such as with another backend", async () => {
    world.stub("pulumi", "echo \"error: no stack named 'prod' found\" >&2; exit 255");
    const { code, output } = await rotate("prod");
    expect(code).not.toBe(0);
    expect(output).toContain("no stack named 'prod' found");
  });
});
