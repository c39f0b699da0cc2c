/** A site as a person writes it by hand. */
export interface HandmadeSite {
  /** Name of its namespace. */
  readonly name: string;
  readonly image: string;
  /** Content of Docker's config.json, with which its pods pull. */
  readonly login: string;
  /** Requests and limits of its container, as Kubernetes has them. */
  readonly resources: unknown;
}

const port = 8080;
const labels = { app: "site" };

/** Kubernetes objects of a site: namespace, pull secret, Deployment with a readiness probe, and Service. */
export function describeSite({ image, login, name, resources }: HandmadeSite): object[] {
  const metadata = { name: "site", namespace: name, labels };
  const container = {
    name: "web",
    image,
    resources,
    ports: [{ containerPort: port }],
    readinessProbe: { httpGet: { path: "/", port }, periodSeconds: 1 },
  };
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name } },
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "pull", namespace: name },
      type: "kubernetes.io/dockerconfigjson",
      stringData: { ".dockerconfigjson": login },
    },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata,
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: { imagePullSecrets: [{ name: "pull" }], containers: [container] },
        },
      },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata,
      spec: { selector: labels, ports: [{ port: 80, targetPort: port }] },
    },
  ];
}
