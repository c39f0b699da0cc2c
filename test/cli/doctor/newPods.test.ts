import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { clusterStep } from "../../../cli/doctor/steps/cluster";
import { configurationStep } from "../../../cli/doctor/steps/configuration";
import { namespaceStep } from "../../../cli/doctor/steps/namespace";
import { platformStep } from "../../../cli/doctor/steps/platform";
import { stateStep } from "../../../cli/doctor/steps/state";
import type { Step, StepResult } from "../../../cli/doctor/step";
import { ended } from "../../support/cli";
import { createStackIo, deployedState, digest, runOnly, type StackIo } from "./support/stackWorld";

let cwd: string;

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "slipway-doctor-"));
  writeFileSync(join(cwd, "Pulumi.yaml"), "name: gatsby-site\n");
});

afterAll(() => rmSync(cwd, { recursive: true }));

/** What a step says of a cluster, in which nothing else is wrong. */
async function run(step: Step, io: StackIo, before: readonly Step[] = []) {
  const results = await runOnly(
    [configurationStep, stateStep, ...before, clusterStep, step],
    io,
    cwd,
  );
  const { detail, findings = [], leftOut, warnings = [] } = results.at(-1) as StepResult;
  const list = (all: typeof findings) => all.map(({ cause }) => cause);
  return { detail, findings: list(findings), warnings: list(warnings), leftOut };
}

describe("the platform of the image", () => {
  /** Stands for the step that asks the registry. */
  const images = (...platforms: string[]): Step => ({
    id: "image",
    title: "Image",
    failure: "image",
    dependsOn: ["state"],
    run: (inspection) => {
      inspection.set("platforms", platforms);
      return Promise.resolve({});
    },
  });
  const node = (architecture: string, unschedulable = false) => ({
    spec: { unschedulable },
    status: { nodeInfo: { operatingSystem: "linux", architecture } },
  });
  const compare = (platforms: string[], nodes?: object[]) => {
    const io = createStackIo();
    if (nodes !== undefined) io.cluster["get nodes"] = { items: nodes };
    return run(platformStep, io, [images(...platforms)]);
  };

  it("is one that all nodes have", async () => {
    const all = ["linux/amd64", "linux/arm64"];
    expect(await compare(all, [node("arm64"), node("amd64")])).toEqual({
      detail: "linux/arm64,linux/amd64",
      findings: [],
      warnings: [],
    });
  });

  it("is one that no node has", async () => {
    expect((await compare(["linux/arm64"], [node("amd64"), node("arm64", true)])).findings).toEqual(
      [
        "The image is for linux/arm64, and the cluster's nodes are linux/amd64: none of them can run it.",
      ],
    );
  });

  it("is one that some nodes lack", async () => {
    expect((await compare(["linux/amd64"], [node("amd64"), node("arm64")])).warnings).toEqual([
      "The image is for linux/amd64, and 1 of 2 nodes are linux/arm64: a pod that comes to one of them does not start.",
    ]);
  });

  it("is not compared if this account may not list nodes", async () => {
    expect((await compare(["linux/amd64"])).leftOut).toBe("this account may not list the nodes");
  });
});

describe("a new pod of the site", () => {
  const refuse = async (message: string) => {
    const io = createStackIo();
    io.answerCreate = () => ended(1, "", message);
    return (await run(namespaceStep, io)).warnings;
  };
  const start = "The cluster would refuse a new pod of the site, as in the next update.";

  it.each([
    [
      'Error from server (Forbidden): error when creating "object.json": pods "site-x" is forbidden: maximum memory usage per Container is 16Mi, but limit is 128Mi',
      "A LimitRange of the namespace allows a Container only 16Mi of memory.",
    ],
    [
      'Error from server (Forbidden): pods "site-x" is forbidden: violates PodSecurity "restricted:latest": runAsNonRoot != true',
      "The namespace enforces the Pod Security level restricted:latest, and the pod does not meet it: runAsNonRoot != true",
    ],
    ['Error from server: admission webhook "policy.example.com" denied the request: no', ""],
  ])("is refused as %s", async (message, means) => {
    const [warning] = await refuse(message);
    expect(warning).toMatch(start);
    expect(warning?.slice(start.length).trim()).toEqual(means);
  });

  it("is not asked about if this account may not create pods", async () => {
    expect(
      await refuse(
        'Error from server (Forbidden): pods is forbidden: User "ci" cannot create resource "pods" in API group "" in the namespace "web"',
      ),
    ).toEqual([]);
  });
});

describe("the image of an update that failed", () => {
  it("is looked at instead of the last release", async () => {
    const other = `sha256:${"b".repeat(64)}`;
    const spec = (image: string) => ({ template: { spec: { containers: [{ image }] } } });
    const find = async (image: string) => {
      const resources = deployedState.resources.map((resource) =>
        resource.type === "kubernetes:apps/v1:Deployment"
          ? { ...resource, inputs: { ...resource.inputs, spec: spec(image) } }
          : resource,
      );
      let found;
      const step: Step = {
        ...platformStep,
        dependsOn: ["state"],
        run: (inspection) => {
          found = inspection.find("image");
          return Promise.resolve({});
        },
      };
      await run(step, createStackIo({ resources }));
      return found as unknown;
    };
    expect(await find(`registry.test:5050/web/gatsby-site@${other}`)).toEqual({
      repository: "registry.test:5050/web/gatsby-site",
      digest: other,
      tags: [],
    });
    expect(await find(`registry.test:5050/web/gatsby-site@${digest}`)).toMatchObject({
      digest,
      tags: ["env-dev"],
    });
  });
});
