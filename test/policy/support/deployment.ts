import type { TestResource } from "./check";

const digest = `sha256:${"0".repeat(64)}`;

/** An image by digest, from the registry of the tests' stacks. */
export const image = `gitlab.example.com:5050/web/site@${digest}`;

/** A container that every policy accepts. */
export const container = {
  name: "web",
  image,
  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
};

/** A pod that every policy accepts. */
export const pod = {
  imagePullSecrets: [{ name: "gitlab-registry" }],
  securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
  containers: [container],
};

/** A Deployment with other fields of its pod's specification and of its own. */
export function createDeployment(changed: object = {}, spec: object = {}): TestResource {
  return {
    type: "kubernetes:apps/v1:Deployment",
    props: {
      metadata: { name: "web", namespace: "web" },
      spec: {
        replicas: 2,
        template: { metadata: { labels: { app: "web" } }, spec: { ...pod, ...changed } },
        ...spec,
      },
    },
  };
}

/** A Deployment with other fields of its container. */
export const createContainer = (changed: object): TestResource =>
  createDeployment({ containers: [{ ...container, ...changed }] });
