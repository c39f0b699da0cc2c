import type { TestCluster } from "../../e2e/support/cluster";

interface Pod {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly deletionTimestamp?: string;
  };
  readonly spec: { readonly imagePullSecrets?: { name: string }[] };
  readonly status: { readonly containerStatuses: { restartCount: number; imageID: string }[] };
}

/** The pods of a site, those left out that are on their way out: what must not change while its credentials do. */
export async function describePods(
  cluster: TestCluster,
  namespace: string,
  site = "gatsby-site",
): Promise<object[]> {
  const { items } = await cluster.api<{ items: Pod[] }>(
    "GET",
    `/api/v1/namespaces/${namespace}/pods?labelSelector=app%3D${site}`,
  );
  const staying = items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  return staying.map(({ metadata, spec, status }) => ({
    name: metadata.name,
    uid: metadata.uid,
    pullSecrets: spec.imagePullSecrets ?? [],
    containers: status.containerStatuses.map(({ imageID, restartCount }) => ({
      imageID,
      restartCount,
    })),
  }));
}

/** What a pull secret logs in with. */
export async function readPullSecret(
  cluster: TestCluster,
  namespace: string,
  name: string,
): Promise<{ username: string; password: string }> {
  const { data } = await cluster.api<{ data: Record<string, string> }>(
    "GET",
    `/api/v1/namespaces/${namespace}/secrets/${name}`,
  );
  const text = Buffer.from(data[".dockerconfigjson"], "base64").toString();
  const { auths } = JSON.parse(text) as {
    auths: Record<string, { username: string; password: string }>;
  };
  const [{ password, username }] = Object.values(auths) as [{ username: string; password: string }];
  return { username, password };
}

/** Names of the pull secrets of a namespace. */
export async function listPullSecrets(cluster: TestCluster, namespace: string): Promise<string[]> {
  const { items } = await cluster.api<{ items: { metadata: { name: string }; type: string }[] }>(
    "GET",
    `/api/v1/namespaces/${namespace}/secrets`,
  );
  return items
    .filter(({ type }) => type === "kubernetes.io/dockerconfigjson")
    .map(({ metadata }) => metadata.name)
    .sort();
}

/** A service account: which one it is, and the pull secrets that it gives its pods. */
export async function readServiceAccount(
  cluster: TestCluster,
  namespace: string,
  name: string,
): Promise<{ uid: string; pullSecrets: string[] }> {
  const { imagePullSecrets = [], metadata } = await cluster.api<{
    metadata: { uid: string };
    imagePullSecrets?: { name: string }[];
  }>("GET", `/api/v1/namespaces/${namespace}/serviceaccounts/${name}`);
  return { uid: metadata.uid, pullSecrets: imagePullSecrets.map((entry) => entry.name) };
}

/** Addresses of the pods that a Service finds. */
export async function listEndpoints(
  cluster: TestCluster,
  namespace: string,
  service: string,
): Promise<string[]> {
  const { items } = await cluster.api<{ items: { endpoints?: { addresses: string[] }[] }[] }>(
    "GET",
    `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3D${service}`,
  );
  return items.flatMap(({ endpoints = [] }) => endpoints.flatMap(({ addresses }) => addresses));
}
