import { defaultLimits } from "../../../cli/report/limits";
import { renderTerminal } from "../../../cli/report/terminal";
import { previewOf, report, stepOf } from "./support/previews";

const stack = "pulumi:pulumi:Stack";
const image = "docker-build:index:Image";
const deployment = "kubernetes:apps/v1:Deployment";
const token = "gitlab:index/projectDeployToken:ProjectDeployToken";
const update = { kind: "update", inputDiff: false };

/** The report's sentences by what they are about. */
function factsOf(steps: Parameters<typeof previewOf>[0], now?: string): Record<string, string> {
  const result = report({ json: previewOf(steps) }, { now });
  const text = renderTerminal(result, { limits: defaultLimits, color: false });
  return Object.fromEntries(
    [...text.matchAll(/^ {2}(Image|Rollout|Tokens) +(.*)$/gm)].map(([, label, fact]) => [
      label,
      fact,
    ]),
  );
}

function outputs(values: Record<string, string>) {
  return {
    op: "same",
    urn: `urn:pulumi:dev::gatsby-site::${stack}::gatsby-site-dev`,
    oldState: { type: stack, custom: false, outputs: values },
  };
}

describe("the image's sentence", () => {
  const changed = (before: object, after: object, paths: string[]) =>
    factsOf([
      stepOf("update", {
        type: image,
        before: { ...before },
        after: { ...after },
        detailedDiff: Object.fromEntries(paths.map((path) => [path, update])),
      }),
    ]).Image;

  it("tells every reason", () => {
    const before = { contextHash: "1", buildArgs: { A: "1" }, builder: { name: "a" }, tags: ["1"] };
    const after = { contextHash: "2", buildArgs: { A: "2" }, builder: { name: "b" }, tags: ["2"] };
    expect(changed(before, after, ["contextHash", "buildArgs", "builder.name", "tags[0]"])).toBe(
      "Rebuilt: build argument `A` changed, another builder is used and the site's files changed.",
    );
  });

  it("reports a tag alone that something behind it changed", () => {
    expect(changed({ tags: ["1"] }, { tags: ["2"] }, ["tags[0]"])).toBe(
      "Rebuilt: what it is made of changed (the site's files, the Dockerfile or build arguments).",
    );
  });

  it("reports a registry's user name, a Dockerfile and a property that it does not know", () => {
    const before = { registries: [{ username: "a" }], dockerfile: { location: "a" }, target: "a" };
    const after = { registries: [{ username: "b" }], dockerfile: { location: "b" }, target: "b" };
    expect(changed(before, after, ["registries", "dockerfile", "target"])).toBe(
      "Rebuilt: the Dockerfile changed, the registry or the user name to push with changed and `target` changed.",
    );
  });
});

describe("the rollout's sentence", () => {
  const deploy = (op: string, before: object | undefined, after: object | undefined) =>
    factsOf([
      stepOf(op, {
        type: deployment,
        name: "site",
        before: before && { ...before },
        after: after && { ...after },
      }),
    ]).Rollout;

  it("reports a change that restarts nothing", () => {
    const annotated = { metadata: { annotations: { a: "1" } } };
    expect(deploy("update", {}, annotated)).toBe(
      "The Deployment `site` changes, but no pod restarts.",
    );
  });

  it("names three reasons and counts the rest", () => {
    const template = { a: 1, b: 1, c: 1, d: 1, e: 1 };
    expect(deploy("update", { spec: {} }, { spec: { template: { spec: template } } })).toBe(
      "The Deployment `site` rolls, because of `a`, `b`, `c` and 2 more.",
    );
  });

  it("warns of a replacement", () => {
    expect(deploy("replace", { a: 1 }, { a: 2 })).toBe(
      "The Deployment `site` is replaced: the site is down until the new one is ready.",
    );
  });
});

describe("a Deployment that Pulumi only forgets", () => {
  it("stays", () => {
    const oldState = { type: deployment, custom: true, retainOnDelete: true };
    expect(factsOf([stepOf("delete", { type: deployment, name: "site", oldState })]).Rollout).toBe(
      "The Deployment `site` stays as it is, and Pulumi forgets it.",
    );
  });
});

describe("the tokens' sentence", () => {
  const ends = {
    pullTokenExpiresAt: "2026-12-01T00:00:00Z",
    pushTokenExpiresAt: "2027-01-01T00:00:00Z",
  };

  it("gives each token its days", () => {
    expect(factsOf([outputs(ends)], "2026-11-30T00:00:00Z").Tokens).toBe(
      "The pull token lives 1 more day (until 2026-12-01). The push token lives 32 more days (until 2027-01-01).",
    );
  });

  it("reports one that ended", () => {
    expect(factsOf([outputs(ends)], "2026-12-02T00:00:00Z").Tokens).toMatch(
      /^The pull token ended on 2026-12-01\./,
    );
  });

  it.each([
    ["2026-11-16T00:00:00Z", false],
    ["2026-11-17T00:00:00Z", true],
  ])("is a warning from two weeks before on: %s", (now, attention) => {
    const [fact] = report({ json: previewOf([outputs(ends)]) }, { now }).facts;
    expect(fact).toMatchObject({ label: "Tokens", attention });
  });

  it("reports rotation", () => {
    const step = stepOf("replace", {
      type: token,
      name: "pull-a",
      before: { a: 1 },
      after: { a: 2 },
    });
    expect(factsOf([step]).Tokens).toBe("Rotation due: this update replaces `pull-a`.");
  });

  it("is not there for a stack without tokens", () => {
    expect(factsOf([outputs({ url: "x", pullTokenExpiresAt: "never" })]).Tokens).toBeUndefined();
  });
});
