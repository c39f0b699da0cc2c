import { Inspection } from "../../../../cli/doctor/inspection";
import { runSteps } from "../../../../cli/doctor/run";
import type { Step, StepResult } from "../../../../cli/doctor/step";
import type { ProcessResult } from "../../../../cli/process/run";
import { ended, FakeIo } from "../../../support/cli";

const secretKey = "4dabf18193072939515e22adb298388d";
export const digest = `sha256:${"a".repeat(64)}`;
const registry = "registry.test:5050";
export const image = `${registry}/web/gatsby-site@${digest}`;

const secret = (value: unknown) => ({
  [secretKey]: "1b47061264138c4ac30d75fd1eb44270",
  plaintext: JSON.stringify(value),
});
const urn = (type: string, name: string) => `urn:pulumi:dev::gatsby-site::${type}::${name}`;

/** The state of a stack that was deployed. */
export const deployedState = {
  resources: [
    {
      type: "pulumi:pulumi:Stack",
      urn: urn("pulumi:pulumi:Stack", "dev"),
      outputs: { digest, image, tags: ["env-dev"], commit: "c", version: "" },
    },
    {
      type: "slipway:index:RegistryAccess",
      urn: urn("slipway:index:RegistryAccess", "registry"),
      outputs: {
        push: { username: "push", password: secret("push-password") },
        pull: { username: "pull", password: secret("pull-password") },
        pullTokenExpiresAt: "2027-06-01T00:00:00Z",
      },
    },
    {
      type: "gitlab:index/projectDeployToken:ProjectDeployToken",
      urn: urn("gitlab:index/projectDeployToken:ProjectDeployToken", "pull-a"),
      id: "web/gatsby-site:7",
      outputs: { token: secret("pull-password") },
    },
    {
      type: "kubernetes:core/v1:Secret",
      urn: urn("slipway:index:PullSecret$kubernetes:core/v1:Secret", "pull"),
      inputs: { metadata: { name: "gitlab-registry", namespace: "web" } },
    },
    {
      type: "kubernetes:apps/v1:Deployment",
      urn: urn("kubernetes:apps/v1:Deployment", "site"),
      inputs: { metadata: { name: "site", namespace: "web" } },
    },
  ],
};

const dockerConfig = { auths: { [registry]: { username: "pull", password: "pull-password" } } };

/** A pull secret, as Kubernetes has it. */
export function renderSecret(
  config: object = dockerConfig,
  type = "kubernetes.io/dockerconfigjson",
) {
  const text = Buffer.from(JSON.stringify(config)).toString("base64");
  return { type, data: { ".dockerconfigjson": text } };
}

/** A pod of the site that is ready. */
export const readyPod = {
  metadata: {
    name: "site-1",
    uid: "pod",
    creationTimestamp: "2026-01-01T00:00:00Z",
    ownerReferences: [{ uid: "set" }],
  },
  status: {
    containerStatuses: [
      { name: "site", image, imageID: image, ready: true, state: { running: {} } },
    ],
  },
};

/** What kubectl has of a healthy site, by its arguments. */
export const healthyCluster: Readonly<Record<string, object>> = {
  version: { serverVersion: { gitVersion: "v1.34.4", minor: "34" } },
  "get namespace": { metadata: { labels: { "pod-security.kubernetes.io/enforce": "restricted" } } },
  "get resourcequotas": { items: [] },
  "get ingressclasses": { items: [{ metadata: { name: "nginx" } }] },
  "get secret": renderSecret(),
  "get deployment": {
    metadata: { name: "site" },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: "site" } },
      template: {
        spec: { imagePullSecrets: [{ name: "gitlab-registry" }], containers: [{ image }] },
      },
    },
    status: { readyReplicas: 1, updatedReplicas: 1, conditions: [] },
  },
  "get replicasets": {
    items: [
      {
        metadata: {
          name: "old",
          uid: "old",
          annotations: { "deployment.kubernetes.io/revision": "1" },
        },
      },
      {
        metadata: {
          name: "set",
          uid: "set",
          annotations: { "deployment.kubernetes.io/revision": "2" },
        },
      },
    ],
  },
  "get pods": { items: [readyPod] },
  "get events": { items: [] },
};

/** A stack whose programs answer from tables. */
export class StackIo extends FakeIo {
  /** Answers of kubectl by its first arguments; a result ends it with its code and texts. */
  public cluster: Record<string, object> = { ...healthyCluster };
  public kubectlError: ProcessResult | undefined;
  /** Answers `kubectl create --dry-run=server`. Default: the object is accepted. */
  public answerCreate = (): ProcessResult => ended(0, "");
  /** Calls of kubectl that change something, without the names of files. */
  public readonly changes: string[] = [];
  /** Versions of the tools; undefined if a tool is not installed. */
  public pulumiVersion = "v3.259.0";

  public override capture(program: string, args: readonly string[]): Promise<ProcessResult> {
    if (args[0] === "version" && program === "pulumi") {
      return Promise.resolve(ended(0, `${this.pulumiVersion}\n`));
    }
    if (program === "kubectl" && args[1] === "--client") {
      return Promise.resolve(
        ended(0, JSON.stringify({ clientVersion: { gitVersion: "v1.34.4" } })),
      );
    }
    if (program === "kubectl") return Promise.resolve(this.answerCluster(args));
    return super.capture(program, args);
  }

  private answerCluster(args: readonly string[]): ProcessResult {
    if (this.kubectlError !== undefined) return this.kubectlError;
    const [verb = "", kind = ""] = args;
    if (args.includes("--dry-run=server")) return this.answerCreate();
    if (verb === "create" || verb === "delete")
      this.changes.push(`${verb} ${args.slice(1, 4).join(" ")}`);
    const found = this.cluster[verb] ?? this.cluster[`${verb} ${kind}`];
    return found === undefined
      ? ended(1, "", "Error from server (NotFound)")
      : ended(0, JSON.stringify(found));
  }
}

/** Creates a stack `dev`, deployed unless said otherwise. */
export function createStackIo(deployment: object = deployedState, config: object = {}): StackIo {
  const io = new StackIo({
    dev: {
      config: {
        project: "web/gatsby-site",
        registry,
        "gitlab:baseUrl": "https://gitlab.test",
        ...config,
      },
      deployment,
    },
  });
  io.env = { GITLAB_TOKEN: "glpat-maintainer-api-token" };
  return io;
}

/** Runs some steps, without the ones that they depend on elsewhere. */
export function runOnly(chosen: readonly Step[], io: StackIo, cwd: string): Promise<StepResult[]> {
  return runSteps(chosen, new Inspection({ cwd, stack: "dev" }, io));
}
