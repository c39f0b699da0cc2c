/** A pod that pulls an image, whatever the node has of it, and ends at once. */
export interface PullingPod {
  readonly image: string;
  /** Pull secret that the pod itself names. */
  readonly pullSecret?: string;
  /** Service account that it runs as. */
  readonly serviceAccount?: string;
}

/** What Kubernetes is told of such a pod; it meets the "restricted" standard. */
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
