import { ScriptWorld } from "./support/script";

const env = {
  CI_MERGE_REQUEST_IID: "7",
  PULUMI_ACCESS_TOKEN: "pul-of-production",
  PULUMI_CONFIG_PASSPHRASE: "of production",
  SLIPWAY_REVIEW_BACKEND_URL: "s3://review",
  SLIPWAY_REVIEW_PASSPHRASE: "review-passphrase",
  SLIPWAY_REVIEW_PULL_USER: "review",
  SLIPWAY_REVIEW_PULL_TOKEN: "gldt-x",
};
let world: ScriptWorld;

beforeEach(() => {
  world = new ScriptWorld();
  world.write("Pulumi.yaml", 'name: "gatsby-site" # the site\nruntime: nodejs\n');
  world.write("Pulumi.review.yaml", "config: {}\n");
  world.stub("npx", "cat >/dev/null");
});

afterEach(() => world.remove());

/** @param imageName of the configuration; empty if it has none */
function stubPulumi(imageName = "", select = ""): void {
  world.stub(
    "pulumi",
    `env | grep '^PULUMI_' | sort >environment || true
    case "$1 $2" in
      "config get") ${imageName === "" ? "exit 1" : `echo ${imageName}`} ;;
      "stack select") ${select} : ;;
    esac`,
  );
}

const deploy = async (more: Record<string, string> = {}): Promise<readonly string[]> => {
  const { calls, code, output } = await world.run("review.sh deploy", { ...env, ...more });
  expect({ code, output }).toMatchObject({ code: 0 });
  return calls;
};

describe("review.sh deploy", () => {
  it("creates the stack by its name alone, whatever the backend and the name in Pulumi.yaml", async () => {
    stubPulumi();
    const calls = await deploy();
    expect(calls[0]).toBe("pulumi stack select --create --stack review-7");
    expect(calls).toContain(
      "pulumi config set --stack review-7 --plaintext --path credentials.push.passwordFrom CI_JOB_TOKEN",
    );
    expect(calls.join("\n")).not.toMatch(/organization|gatsby-site/);
    expect(world.read("environment")).toBe(
      "PULUMI_BACKEND_URL=s3://review\nPULUMI_CONFIG_PASSPHRASE=review-passphrase\n",
    );
  });

  it.each([
    ["", "review"],
    ["web", "web/review"],
    ["web/site", "web/review"],
  ])("with the image name %j has images and a cache of its own in %s", async (name, image) => {
    stubPulumi(name);
    expect(await deploy()).toContain(
      `pulumi config set --stack review-7 --plaintext --path imageName ${image}`,
    );
  });

  it("takes a key in a KMS, or Pulumi Cloud, instead of a passphrase", async () => {
    stubPulumi();
    const kms = "awskms://alias/review?region=eu-central-1";
    const calls = await deploy({
      SLIPWAY_REVIEW_PASSPHRASE: "",
      SLIPWAY_REVIEW_SECRETS_PROVIDER: kms,
    });
    expect(calls[0]).toBe(
      `pulumi stack select --create --stack review-7 --secrets-provider=${kms}`,
    );
    expect(world.read("environment")).toBe("PULUMI_BACKEND_URL=s3://review\n");

    await deploy({
      SLIPWAY_REVIEW_BACKEND_URL: "https://api.pulumi.com",
      SLIPWAY_REVIEW_PASSPHRASE: "",
      SLIPWAY_REVIEW_ACCESS_TOKEN: "pul-review",
    });
    expect(world.read("environment")).toBe(
      "PULUMI_ACCESS_TOKEN=pul-review\nPULUMI_BACKEND_URL=https://api.pulumi.com\n",
    );
  });

  it("says what is missing", async () => {
    const { code, output } = await world.run("review.sh deploy", {
      CI_MERGE_REQUEST_IID: "7",
      SLIPWAY_REVIEW_BACKEND_URL: "s3://review",
    });
    expect(code).toBe(1);
    expect(output).toContain(
      "  - SLIPWAY_REVIEW_PASSPHRASE or SLIPWAY_REVIEW_SECRETS_PROVIDER or SLIPWAY_REVIEW_ACCESS_TOKEN\n  - SLIPWAY_REVIEW_PULL_USER\n  - SLIPWAY_REVIEW_PULL_TOKEN\n",
    );
  });
});

describe("review.sh destroy", () => {
  it("has nothing to do without a stack", async () => {
    stubPulumi("", "echo \"error: no stack named 'review-7' found\" >&2; exit 6;");
    const { calls, code, output } = await world.run("review.sh destroy", env);
    expect({ code, output }).toEqual({
      code: 0,
      output: "Stack `review-7` does not exist, so there is nothing to destroy.\n",
    });
    expect(calls).toHaveLength(1);
  });

  it("fails if the state can't be read, so that the environment is not taken for destroyed", async () => {
    stubPulumi("", "echo 'error: no such bucket' >&2; exit 255;");
    const { code, output } = await world.run("review.sh destroy", env);
    expect({ code, output }).toEqual({ code: 1, output: "error: no such bucket\n" });
  });
});
