import {
  createAnswers,
  digestPlaceholder,
  hideEnvironment,
} from "../../../cli/manifests/placeholders";
import { digest } from "../../support/stackConfig";

const config = {
  values: {
    "handbook:registry": "gitlab.example.com:5050",
    "handbook:project": "group/handbook",
    "handbook:credentials": JSON.stringify({
      push: { username: "writer", passwordFrom: "WRITER" },
      pull: { username: "reader", passwordFrom: "READER_TOKEN" },
    }),
  },
  secrets: [],
};
const stack = { fullName: "organization/handbook/prod", project: "handbook" };
const repository = "gitlab.example.com:5050/group/handbook";
const outputs = { digest, image: `${repository}@${digest}`, commit: "1ecfd275", version: "v1.2.3" };

describe("createAnswers", () => {
  it.each([
    ["the digest that the stack runs", outputs, digest],
    ["a placeholder of a digest before the first deployment", {}, digestPlaceholder],
  ])("gives an image %s", (_, last, expected) => {
    const { computed } = createAnswers(stack, config, last);
    expect(computed("docker-build:index:Image", {})).toEqual({ digest: expected });
    expect(computed("docker:index/image:Image", { imageName: `${repository}:dev` })).toEqual({
      repoDigest: `${repository}@${expected}`,
    });
    expect(computed("kubernetes:core/v1:Service", {})).toEqual({});
  });

  it("tells the stack its outputs, and of any other that it runs the same release", () => {
    const { call } = createAnswers(stack, config, outputs);
    const read = (name: string) => call("pulumi:pulumi:readStackOutputs", { name });
    expect(read("organization/handbook/prod")).toMatchObject({ outputs });
    expect(read("organization/handbook/staging")).toMatchObject({
      outputs: { ...outputs, tier: "staging" },
    });
    expect(call("pulumi:pulumi:readStackResourceOutputs", {})).toMatchObject({ outputs: {} });
  });

  it.each([
    ["private before the first deployment", {}, "private"],
    [
      "private if the stack has a token to pull with",
      { ...outputs, pullTokenExpiresAt: "2027-01-31" },
      "private",
    ],
    ["public if the stack has deployed without one", outputs, "public"],
  ])("takes the project for %s", (_, last, visibilityLevel) => {
    const { call } = createAnswers(stack, config, last);
    expect(call("gitlab:index/getProject:getProject", {})).toMatchObject({ visibilityLevel });
  });

  it("refuses what only a provider can answer", () => {
    const { call } = createAnswers(stack, config, outputs);
    expect(() => call("kubernetes:yaml:decode", {})).toThrow(
      "The program calls `kubernetes:yaml:decode`, which only its provider can answer, so its objects can't be rendered here.",
    );
  });
});

describe("hideEnvironment", () => {
  it("takes secrets out, and puts placeholders where the program looks for some", () => {
    const env: NodeJS.ProcessEnv = {
      PATH: "/bin",
      GITLAB_TOKEN: "glpat-1",
      CI_JOB_TOKEN: "job",
      PULUMI_CONFIG_PASSPHRASE: "words",
      PULUMI_CONFIG_PASSPHRASE_FILE: "/run/passphrase",
      SLIPWAY_AGREED_DIGEST: digest,
      WRITER: "gldt-1",
      READER_TOKEN: "gldt-2",
    };
    hideEnvironment(env, "handbook", config);
    expect(env).toEqual({
      PATH: "/bin",
      PULUMI_CONFIG_PASSPHRASE_FILE: "/run/passphrase",
      GITLAB_TOKEN: "[value of GITLAB_TOKEN]",
      WRITER: "[value of WRITER]",
      READER_TOKEN: "[value of READER_TOKEN]",
    });
  });
});
