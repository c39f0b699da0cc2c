import { join } from "node:path";

import { probe } from "../host/probe";
import type { Instance } from "../host/instance";
import { inNode } from "../host/node";
import { startService } from "../host/processes";
import {
  apiServerUrl,
  type ClusterCredentials,
  frontProxyName,
  type User,
} from "./clusterCredentials";

function etcdUrl(instance: Instance): string {
  return `https://${instance.addresses.node}:2379`;
}

/** Programs of the control plane. */
export interface ControlPlanePrograms {
  readonly etcd: string;
  /** Folder with kube-apiserver, kube-controller-manager, kube-scheduler. */
  readonly kubernetes: string;
}

/** Starts etcd, the API server, the controllers and the scheduler. */
export async function startControlPlane(
  instance: Instance,
  credentials: ClusterCredentials,
  programs: ControlPlanePrograms,
): Promise<void> {
  await startEtcd(instance, credentials, programs.etcd);
  await startApiServer(instance, credentials, join(programs.kubernetes, "kube-apiserver"));
  await Promise.all([
    startController(instance, credentials, programs.kubernetes, "kube-controller-manager", [
      ...["--service-account-private-key-file", credentials.serviceAccountKey],
      ...["--root-ca-file", credentials.authority.certificate],
      ...["--use-service-account-credentials=true"],
    ]),
    startController(instance, credentials, programs.kubernetes, "kube-scheduler", []),
  ]);
}

async function startEtcd(
  instance: Instance,
  credentials: ClusterCredentials,
  program: string,
): Promise<void> {
  const { authority, etcd } = credentials;
  const url = etcdUrl(instance);
  await startService(instance, {
    name: "etcd",
    command: inNode(instance, "node", [
      ...[program, "--data-dir", join(instance.root, "etcd"), "--log-level", "warn"],
      ...["--listen-client-urls", url, "--advertise-client-urls", url],
      // There are no peers, so their address is a port of the loopback interface.
      ...["--listen-peer-urls", "http://127.0.0.1:2380"],
      ...["--cert-file", etcd.certificate, "--key-file", etcd.key],
      ...["--client-cert-auth", "--trusted-ca-file", authority.certificate],
      // A sandbox may lose its last second of data; waiting for the disk is most of what etcd does.
      "--unsafe-no-fsync",
    ]),
    reads: [etcd.certificate],
    ready: () => probe({ url: `${url}/health`, authority: authority.certificate, client: etcd }),
  });
}

async function startApiServer(
  instance: Instance,
  credentials: ClusterCredentials,
  program: string,
): Promise<void> {
  const { admin, apiserver, authority, etcd, frontProxy, frontProxyAuthority } = credentials;
  const { node, services } = instance.addresses;
  await startService(instance, {
    name: "kube-apiserver",
    command: inNode(instance, "node", [
      ...[program, "--etcd-servers", etcdUrl(instance)],
      ...["--etcd-cafile", authority.certificate],
      ...["--etcd-certfile", etcd.certificate, "--etcd-keyfile", etcd.key],
      ...["--bind-address", node, "--advertise-address", node, "--secure-port", "6443"],
      ...["--tls-cert-file", apiserver.certificate, "--tls-private-key-file", apiserver.key],
      ...["--client-ca-file", authority.certificate],
      ...["--kubelet-certificate-authority", authority.certificate],
      ...["--kubelet-client-certificate", admin.certificate, "--kubelet-client-key", admin.key],
      // `kubectl logs`, `exec` and `port-forward` use this address, because no DNS server knows the node's name.
      ...["--kubelet-preferred-address-types", "InternalIP"],
      ...["--service-account-key-file", credentials.serviceAccountPublicKey],
      ...["--service-account-signing-key-file", credentials.serviceAccountKey],
      ...["--service-account-issuer", "https://kubernetes.default.svc"],
      ...["--service-cluster-ip-range", services],
      // For APIs that another program serves, such as metrics-server: it believes the user that these headers name.
      ...["--requestheader-client-ca-file", frontProxyAuthority.certificate],
      ...["--requestheader-allowed-names", frontProxyName],
      ...["--requestheader-username-headers", "X-Remote-User"],
      ...["--requestheader-group-headers", "X-Remote-Group"],
      ...["--requestheader-extra-headers-prefix", "X-Remote-Extra-"],
      ...["--proxy-client-cert-file", frontProxy.certificate],
      ...["--proxy-client-key-file", frontProxy.key],
      ...["--authorization-mode", "Node,RBAC", "--enable-admission-plugins", "NodeRestriction"],
    ]),
    reads: [
      ...[apiserver.certificate, admin.certificate, etcd.certificate],
      ...[frontProxy.certificate, frontProxyAuthority.certificate],
    ],
    ready: () =>
      probe({
        url: `${apiServerUrl(instance)}/readyz`,
        authority: authority.certificate,
        client: admin,
      }),
  });
}

async function startController(
  instance: Instance,
  credentials: ClusterCredentials,
  folder: string,
  name: User & ("kube-controller-manager" | "kube-scheduler"),
  options: readonly string[],
): Promise<void> {
  const kubeconfig = credentials.kubeconfigs[name];
  const port = name === "kube-scheduler" ? 10259 : 10257;
  await startService(instance, {
    name,
    command: inNode(instance, "node", [
      ...[join(folder, name), "--kubeconfig", kubeconfig, "--leader-elect=false"],
      ...["--bind-address", instance.addresses.node],
      ...["--tls-cert-file", credentials.apiserver.certificate],
      ...["--tls-private-key-file", credentials.apiserver.key],
      ...options,
    ]),
    reads: [kubeconfig, credentials.apiserver.certificate],
    ready: () =>
      probe({
        url: `https://${instance.addresses.node}:${port}/healthz`,
        authority: credentials.authority.certificate,
      }),
  });
}
