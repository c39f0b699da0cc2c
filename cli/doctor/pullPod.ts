import { randomBytes } from "node:crypto";

import { formatDigest } from "../../components/image/imageReference";

/** Label of the pods that `slipway doctor` creates; nothing else selects it. */
const label = "slipway-doctor";

/** Selects the pods of all runs, those of killed ones included. */
export const podSelector = `app.kubernetes.io/name=${label}`;

/** After this time the cluster ends the pod, even if nobody deletes it. */
const deadlineSeconds = 60;

/** What a pod pulls. */
export interface PullRequest {
  readonly namespace: string;
  readonly repository: string;
  readonly digest: string;
  readonly pullSecret: string;
}

/**
 * Renders a pod that pulls an image, even if the node has it, and does nothing. It meets the "restricted" Pod Security
 * Standard. It has no owner, so its deadline ends it if its deletion is never asked for.
 */
export function renderPullPod({ digest, namespace, pullSecret, repository }: PullRequest) {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `${label}-${randomBytes(4).toString("hex")}`,
      namespace,
      labels: { "app.kubernetes.io/name": label },
    },
    spec: {
      restartPolicy: "Never",
      activeDeadlineSeconds: deadlineSeconds,
      terminationGracePeriodSeconds: 0,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      imagePullSecrets: [{ name: pullSecret }],
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 10001,
        runAsGroup: 10001,
        seccompProfile: { type: "RuntimeDefault" },
      },
      containers: [
        {
          name: label,
          image: formatDigest(repository, digest),
          imagePullPolicy: "Always",
          command: ["true"],
          resources: {
            requests: { cpu: "1m", memory: "8Mi", "ephemeral-storage": "8Mi" },
            limits: { cpu: "50m", memory: "32Mi", "ephemeral-storage": "32Mi" },
          },
          securityContext: {
            allowPrivilegeEscalation: false,
            capabilities: { drop: ["ALL"] },
            readOnlyRootFilesystem: true,
          },
        },
      ],
    },
  };
}
