import { ScriptWorld } from "./support/script";

const needs =
  "require.sh GITLAB_TOKEN 'SLIPWAY_KUBECONFIG|KUBECONFIG' PULUMI_BACKEND_URL 'PULUMI_CONFIG_PASSPHRASE|PULUMI_CONFIG_PASSPHRASE_FILE'";
const given = { GITLAB_TOKEN: "glpat-x", SLIPWAY_KUBECONFIG: "/dev/null" };
const job = { CI_JOB_NAME: "deploy_dev", CI_ENVIRONMENT_NAME: "dev" };
let world: ScriptWorld;

beforeEach(() => {
  world = new ScriptWorld();
});

afterEach(() => world.remove());

/** A Pulumi that shows a state whose key comes from this provider. */
const stubState = (type: string): void =>
  world.stub(
    "pulumi",
    `printf '{\\n  "deployment": {\\n    "secrets_providers": {\\n      "type": "${type}"\\n    }\\n  }\\n}\\n'`,
  );

describe("require.sh", () => {
  it("names everything that is missing", async () => {
    expect(await world.run(needs, job)).toMatchObject({
      code: 1,
      output: `This job (deploy_dev) needs CI/CD variables that are not set:
  - GITLAB_TOKEN
  - SLIPWAY_KUBECONFIG or KUBECONFIG
  - PULUMI_BACKEND_URL or PULUMI_ACCESS_TOKEN
Set them in Settings > CI/CD > Variables, for the environment \`dev\`.
Only pipelines of protected branches and tags get a protected variable. docs/pipeline.md describes each variable.
`,
    });
  });

  it("wants a passphrase for a stack whose key comes from one, also in a preview's environment", async () => {
    stubState("passphrase");
    const env = { ...given, ...job, CI_ENVIRONMENT_NAME: "preview/dev" };
    const { calls, code, output } = await world.run(needs, {
      ...env,
      PULUMI_BACKEND_URL: "s3://state",
    });
    expect(code).toBe(1);
    expect(output).toContain("  - PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE\n");
    expect(calls).toEqual(["pulumi stack export --stack dev --non-interactive"]);

    const passphrase = { PULUMI_CONFIG_PASSPHRASE_FILE: "/passphrase" };
    const backend = { PULUMI_BACKEND_URL: "s3://state" };
    expect((await world.run(needs, { ...env, ...backend, ...passphrase })).code).toBe(0);
  });

  it("wants none for a stack whose key is in a KMS", async () => {
    stubState("cloud");
    const env = { ...given, ...job, PULUMI_BACKEND_URL: "s3://state?region=eu-central-1" };
    expect(await world.run(needs, env)).toMatchObject({ code: 0, output: "" });
  });

  it("wants neither a passphrase nor a backend with Pulumi Cloud", async () => {
    stubState("service");
    const env = { ...given, ...job, PULUMI_ACCESS_TOKEN: "pul-x" };
    expect(await world.run(needs, env)).toMatchObject({ code: 0, output: "" });
  });

  it("leaves it to Pulumi to say why a state can't be read", async () => {
    world.stub("pulumi", "echo 'error: no such bucket' >&2; exit 255");
    const env = { ...given, ...job, PULUMI_BACKEND_URL: "s3://state" };
    expect(await world.run(needs, env)).toMatchObject({ code: 0, output: "" });
  });
});
