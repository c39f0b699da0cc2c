import type { DeployedRelease } from "../../../components/release/release";
import type { Deployment, Pod } from "../../kubernetesObjects";
import { readRollout, type Rollout } from "../pods/rollout";
import { findSiteObjects } from "../siteObjects";
import type { Finding, Step } from "../step";

/** The site's Deployment: its rollout, its pods and what they run. */
export const deploymentStep: Step = {
  id: "deployment",
  title: "Deployment",
  failure: "deployment",
  needsStack: true,
  dependsOn: ["cluster"],
  run: async (inspection) => {
    const site = findSiteObjects(inspection.get("state"));
    if (site === undefined) return { leftOut: "nothing is deployed yet" };
    const rollout = await readRollout(inspection.get("kubectl"), site);
    const { stack } = inspection.get("stack");
    if (rollout === undefined) {
      return {
        findings: [
          {
            cause: `The namespace \`${site.namespace}\` has no Deployment \`${site.deployment}\`, or this account may not read it.`,
            remedy: `pulumi refresh --yes --stack ${stack} && npx slipway up ${stack}`,
          },
        ],
      };
    }
    const { deployment, findings } = rollout;
    const { readyReplicas = 0 } = deployment.status ?? {};
    const { replicas = 1 } = deployment.spec;
    return {
      detail: `${readyReplicas} of ${replicas} pods ready`,
      findings: findings.length > 0 ? findings : describeRest(rollout, site.namespace),
      warnings: describeImages(rollout, inspection.find("release"), stack),
    };
  },
};

/** What is left to say if no pod says why it is not ready. */
function describeRest({ deployment, pods }: Rollout, namespace: string): Finding[] {
  const { readyReplicas = 0, updatedReplicas = 0 } = deployment.status ?? {};
  const { replicas = 1 } = deployment.spec;
  const look = `kubectl get pods --namespace ${namespace}`;
  if (isStuck(deployment)) {
    return [
      {
        cause: `The rollout of \`${deployment.metadata.name}\` made no progress in its time limit: ${readyReplicas} of ${replicas} pods are ready.`,
        remedy: look,
      },
    ];
  }
  if (readyReplicas >= replicas && updatedReplicas >= replicas) return [];
  const began = pods.map(({ metadata }) => Date.parse(metadata.creationTimestamp ?? ""));
  const seconds = Math.round((Date.now() - Math.max(...began)) / 1000);
  const newest =
    pods.length === 0
      ? "it has no pod yet"
      : `the newest pod is ${seconds} seconds old and says nothing yet`;
  return [
    {
      cause: `${readyReplicas} of ${replicas} pods of \`${deployment.metadata.name}\` are ready; ${newest}.`,
      remedy: `${look} --watch`,
    },
  ];
}

function isStuck({ status }: Deployment): boolean {
  const conditions = status?.conditions ?? [];
  return conditions.some(({ reason }) => reason === "ProgressDeadlineExceeded");
}

/** Compares what the pods run with the release in the stack's outputs. */
function describeImages(
  { pods }: Rollout,
  release: DeployedRelease | undefined,
  stack: string,
): Finding[] {
  if (release === undefined) return [];
  const others = pods.flatMap((pod) => findOtherImage(pod, release.digest));
  const [image] = others;
  if (image === undefined) return [];
  return [
    {
      cause: `The pods run ${image}, and not ${release.digest}, the last successful release of \`${stack}\`: something else has changed the Deployment, or the last update failed.`,
      remedy: `npx slipway up ${stack}`,
    },
  ];
}

function findOtherImage({ status }: Pod, digest: string): string[] {
  return (status?.containerStatuses ?? [])
    .filter(({ ready }) => ready)
    .flatMap(({ image = "", imageID = "" }) => {
      const running = imageID.includes("@") ? imageID : image;
      return running === "" || running.includes(digest) ? [] : [running];
    });
}
