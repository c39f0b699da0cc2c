import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { generateKeyPairSync } from "node:crypto";
import { join } from "node:path";

import { stringify } from "yaml";

import { writeIfChanged } from "../host/configFile";
import type { Instance } from "../host/instance";
import { ensureAuthority, ensureLeaf, type KeyPair } from "../host/pki";

/** Name of the cluster's only node. */
export const nodeName = "slipway";

/** First address of the services' range, which the API server uses for itself. */
function apiService(instance: Instance): string {
  return instance.addresses.services.replace(/\.128\/25$/, ".129");
}

/** User of the Ingress controller, which `make ingress` gives its rights. */
export const ingressUser = "traefik";

/** User of CoreDNS, which `make dns` gives its rights. */
export const coreDnsUser = "coredns";

/** User of metrics-server, which `make metrics` gives its rights. */
export const metricsUser = "metrics-server";

/** Name of metrics-server's Service, in the namespace `kube-system`. */
export const metricsService = "metrics-server";

/** Name of the client that the API server is when it passes a request on to an API server of another program. */
export const frontProxyName = "front-proxy-client";

/** Users of the API server, as Kubernetes names them: common name and group. */
const users = {
  admin: { commonName: "admin", organization: "system:masters" },
  "kube-controller-manager": { commonName: "system:kube-controller-manager" },
  "kube-scheduler": { commonName: "system:kube-scheduler" },
  "kube-proxy": { commonName: "system:kube-proxy" },
  // Kubernetes binds the right to list Services and Endpoints to this account.
  dns: { commonName: "system:serviceaccount:kube-system:kube-dns" },
  traefik: { commonName: ingressUser },
  coredns: { commonName: coreDnsUser },
  "metrics-server": { commonName: metricsUser },
  kubelet: { commonName: `system:node:${nodeName}`, organization: "system:nodes" },
} as const;

/** A user of the API server. */
export type User = keyof typeof users;

/** Keys and certificates of the cluster. Its CA is separate from GitLab's. */
export interface ClusterCredentials {
  readonly authority: KeyPair;
  readonly apiserver: KeyPair;
  readonly kubeletServer: KeyPair;
  readonly etcd: KeyPair;
  readonly admin: KeyPair;
  readonly dns: KeyPair;
  /** CA of {@link frontProxy} alone: who has a certificate of it may name any user. */
  readonly frontProxyAuthority: KeyPair;
  readonly frontProxy: KeyPair;
  readonly metricsServer: KeyPair;
  /** Key that signs service account tokens. */
  readonly serviceAccountKey: string;
  /** Public half of {@link serviceAccountKey}. */
  readonly serviceAccountPublicKey: string;
  /** A kubeconfig file for each user. */
  readonly kubeconfigs: Readonly<Record<User, string>>;
}

/** URL of the API server, the same on the host and in the node. */
export function apiServerUrl(instance: Instance): string {
  return `https://${instance.addresses.node}:6443`;
}

/** Creates the missing credentials of the cluster, in `pki/kubernetes/`. */
export async function ensureClusterCredentials(instance: Instance): Promise<ClusterCredentials> {
  const folder = join(instance.root, "pki", "kubernetes");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const authority = await ensureAuthority(folder, "kubernetes-ca");
  const frontProxyAuthority = await ensureAuthority(folder, "front-proxy-ca");
  const leaf = (name: string, args: Parameters<typeof ensureLeaf>[3]): Promise<KeyPair> =>
    ensureLeaf(folder, name, authority, args);

  const kubeconfigs: Partial<Record<User, string>> = {};
  const clients: Partial<Record<User, KeyPair>> = {};
  for (const [user, subject] of Object.entries(users) as [User, (typeof users)[User]][]) {
    const pair = await leaf(user, subject);
    clients[user] = pair;
    kubeconfigs[user] = writeKubeconfig(instance, folder, user, authority, pair);
  }

  return {
    authority,
    apiserver: await leaf("kube-apiserver", {
      commonName: "kube-apiserver",
      hosts: [
        instance.addresses.node,
        apiService(instance),
        "127.0.0.1",
        "kubernetes.default.svc",
        "kubernetes",
      ],
    }),
    kubeletServer: await leaf("kubelet-server", {
      commonName: nodeName,
      hosts: [nodeName, instance.addresses.node],
    }),
    etcd: await leaf("etcd", { commonName: "etcd", hosts: [instance.addresses.node] }),
    admin: clients.admin as KeyPair,
    dns: clients.dns as KeyPair,
    frontProxyAuthority,
    frontProxy: await ensureLeaf(folder, frontProxyName, frontProxyAuthority, {
      commonName: frontProxyName,
    }),
    metricsServer: await leaf("metrics-server-serving", {
      commonName: metricsService,
      hosts: [`${metricsService}.kube-system.svc`, instance.addresses.node],
    }),
    ...ensureServiceAccountKey(folder),
    kubeconfigs: kubeconfigs as Record<User, string>,
  };
}

function ensureServiceAccountKey(
  folder: string,
): Pick<ClusterCredentials, "serviceAccountKey" | "serviceAccountPublicKey"> {
  const serviceAccountKey = join(folder, "service-account.key");
  const serviceAccountPublicKey = join(folder, "service-account.pub");
  if (!existsSync(serviceAccountPublicKey)) {
    const pair = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding: { type: "pkcs8", format: "pem" },
    });
    writeFileSync(serviceAccountKey, pair.privateKey, { mode: 0o600 });
    writeFileSync(serviceAccountPublicKey, pair.publicKey);
  }
  return { serviceAccountKey, serviceAccountPublicKey };
}

function writeKubeconfig(
  instance: Instance,
  folder: string,
  user: User,
  authority: KeyPair,
  pair: KeyPair,
): string {
  const name = `slipway-${instance.name}`;
  const kubeconfig = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    clusters: [
      {
        name,
        cluster: {
          server: apiServerUrl(instance),
          "certificate-authority": authority.certificate,
        },
      },
    ],
    users: [
      { name: user, user: { "client-certificate": pair.certificate, "client-key": pair.key } },
    ],
    contexts: [{ name, context: { cluster: name, user } }],
  };
  return writeIfChanged(join(folder, `${user}.kubeconfig`), stringify(kubeconfig));
}
