/** A pod that pulls an image, even if the node has it, and ends at once. */
export interface PullingPod {
  readonly image: string;
  /** Pull secret in the pod's own specification. */
  readonly pullSecret?: string;
  /** Service account of the pod. */
  readonly serviceAccount?: string;
}

/** Renders the manifest of such a pod, which meets the "restricted" standard. */
export function renderPullingPod(
  metadata: object,
  { image, pullSecret, serviceAccount }: PullingPod,
): object {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata,
    spec: {
      restartPolicy: "Never",
      automountServiceAccountToken: false,
      serviceAccountName: serviceAccount,
      imagePullSecrets: pullSecret === undefined ? undefined : [{ name: pullSecret }],
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 10001,
        seccompProfile: { type: "RuntimeDefault" },
      },
      containers: [
        {
          name: "load",
          image,
          imagePullPolicy: "Always",
          command: ["nginx", "-v"],
          resources: { requests: { cpu: "1m", memory: "8Mi" } },
          securityContext: {
            allowPrivilegeEscalation: false,
            capabilities: { drop: ["ALL"] },
          },
        },
      ],
    },
  };
}
