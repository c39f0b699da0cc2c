import type { FakeStack } from "../../../support/cli";

/** What a stack runs. */
export interface Running {
  readonly stack: string;
  /** Repository with its registry. */
  readonly repository: string;
  readonly digest: string;
  readonly commit?: string;
  readonly config?: Record<string, string>;
  readonly environment?: Record<string, string>;
}

const labels = { app: "gatsby-site" };

/** A stack as an update leaves it. */
export function createStack(running: Running): FakeStack {
  const { commit = "aaaaaaaa", config, digest, environment = {}, repository, stack } = running;
  const outputs = {
    digest,
    commit,
    image: `${repository}@${digest}`,
    tags: ["main", `env-${stack}`],
    tier: "development",
    url: `https://${stack}.example.com`,
    version: "",
    pullTokenExpiresAt: "2027-02-01T00:00:00Z",
  };
  const urn = (type: string) => `urn:pulumi:${stack}::gatsby-site::${type}::it`;
  const resources = [
    { urn: urn("pulumi:pulumi:Stack"), type: "pulumi:pulumi:Stack", outputs },
    {
      urn: urn("kubernetes:apps/v1:Deployment"),
      type: "kubernetes:apps/v1:Deployment",
      id: `site-${stack}/gatsby-site`,
      modified: "2027-01-01T10:00:00.5Z",
      inputs: { spec: { selector: { matchLabels: labels } } },
    },
  ];
  const times = { startTime: "2027-01-01T09:59:00.000Z", endTime: "2027-01-01T10:00:00.000Z" };
  return {
    outputs,
    config,
    deployment: { manifest: { time: "2027-01-01T10:00:00Z" }, resources },
    history: [{ kind: "update", result: "succeeded", ...times, environment }],
  };
}

/** What a cluster answers about stacks with one pod each, by kubectl's arguments. */
export function listObjects(
  stacks: readonly Pick<Running, "digest" | "repository" | "stack">[],
  place = "",
): Record<string, object> {
  const query = "?labelSelector=app%3Dgatsby-site";
  return {
    [`--raw /apis/apps/v1${place}/deployments${query}`]: {
      items: stacks.map(({ stack }) => ({
        metadata: { name: "gatsby-site", namespace: `site-${stack}` },
        spec: { replicas: 1 },
        status: { readyReplicas: 1 },
      })),
    },
    [`--raw /api/v1${place}/pods${query}`]: {
      items: stacks.map(({ digest, repository, stack }) => ({
        metadata: { namespace: `site-${stack}` },
        status: {
          containerStatuses: [
            { image: "docker.io/istio/proxyv2:1.28", imageID: "docker.io/istio/proxyv2@sha256:0" },
            { image: `${repository}@${digest}`, imageID: `${repository}@${digest}` },
          ],
        },
      })),
    },
  };
}
