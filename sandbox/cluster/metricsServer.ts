import { readFileSync } from "node:fs";

import pWaitFor from "p-wait-for";

import type { Instance } from "../host/instance";
import { inNode } from "../host/node";
import { fetchText, probe } from "../host/probe";
import { findService, startService } from "../host/processes";
import { applyObjects, renderBinding, renderRole } from "./applyObjects";
import {
  apiServerUrl,
  type ClusterCredentials,
  metricsService,
  metricsUser,
} from "./clusterCredentials";

const namespace = "kube-system";
const port = 10443;
const group = "metrics.k8s.io";
const apiService = `v1beta1.${group}`;
const serviceName = "metrics-server";

/**
 * Starts metrics-server in the node's network: the API `metrics.k8s.io`, which autoscalers and `kubectl top` use.
 *
 * All certificates are checked: the kubelet's and the API server's by metrics-server, metrics-server's own by the API
 * server. Its rights are those of metrics-server's own manifests.
 */
export async function startMetricsServer(
  instance: Instance,
  credentials: ClusterCredentials,
  programs: { readonly kubectl: string; readonly metricsServer: string },
): Promise<void> {
  const { admin, authority, kubeconfigs, metricsServer } = credentials;
  const objects = renderObjects(instance, authority.certificate);
  await applyObjects(instance, credentials, programs.kubectl, "metrics", objects);

  const { node } = instance.addresses;
  const kubeconfig = kubeconfigs["metrics-server"];
  await startService(instance, {
    name: serviceName,
    command: inNode(instance, "node", [
      ...[programs.metricsServer, "--kubeconfig", kubeconfig],
      ...["--authentication-kubeconfig", kubeconfig, "--authorization-kubeconfig", kubeconfig],
      ...["--bind-address", node, "--secure-port", String(port)],
      ...["--tls-cert-file", metricsServer.certificate],
      ...["--tls-private-key-file", metricsServer.key],
      ...["--kubelet-certificate-authority", authority.certificate],
      // No DNS server knows the node's name.
      ...["--kubelet-preferred-address-types", "InternalIP"],
      ...["--metric-resolution", "15s"],
    ]),
    reads: [kubeconfig, metricsServer.certificate, authority.certificate],
    // Ready once it has read the node's figures twice.
    readyWithinSeconds: 120,
    ready: () =>
      probe({ url: `https://${node}:${port}/readyz`, authority: authority.certificate }).then(
        async () => {
          const url = `${apiServerUrl(instance)}/apis/${group}/v1beta1/nodes`;
          const body = await fetchText({ url, authority: authority.certificate, client: admin });
          return (JSON.parse(body) as { items: readonly unknown[] }).items.length > 0;
        },
      ),
  });
}

/**
 * Removes what says that metrics-server serves an API, unless it runs: `make down` has ended it. With an API that does
 * not answer, the cluster could delete no namespace.
 */
export async function removeStaleMetrics(
  instance: Instance,
  { admin, authority }: ClusterCredentials,
): Promise<void> {
  if (findService(instance, serviceName) !== undefined) return;
  const deletion = {
    url: `${apiServerUrl(instance)}/apis/apiregistration.k8s.io/v1/apiservices/${apiService}`,
    method: "DELETE",
    statuses: [200, 404],
    authority: authority.certificate,
    client: admin,
  };
  // On a busy machine, an answer may come too late.
  await pWaitFor(() => probe(deletion).catch(() => false), { interval: 200, timeout: 60_000 });
}

function renderObjects(instance: Instance, authority: string): object[] {
  const metadata = { name: metricsService, namespace };
  const read = ["get", "list", "watch"];
  return [
    ...renderRole(metricsUser, [
      { apiGroups: [""], resources: ["nodes/metrics"], verbs: ["get"] },
      { apiGroups: [""], resources: ["pods", "nodes"], verbs: read },
    ]),
    // To ask the API server who a request is from, and what it may do.
    renderBinding(`${metricsUser}-delegator`, metricsUser, {
      kind: "ClusterRole",
      name: "system:auth-delegator",
    }),
    renderBinding(
      `${metricsUser}-reader`,
      metricsUser,
      { kind: "Role", name: "extension-apiserver-authentication-reader" },
      namespace,
    ),
    // Without a selector: it runs in no pod.
    {
      apiVersion: "v1",
      kind: "Service",
      metadata,
      spec: { ports: [{ name: "https", port: 443, targetPort: port }] },
    },
    {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: { ...metadata, labels: { "kubernetes.io/service-name": metricsService } },
      addressType: "IPv4",
      ports: [{ name: "https", port }],
      endpoints: [{ addresses: [instance.addresses.node], conditions: { ready: true } }],
    },
    {
      apiVersion: "apiregistration.k8s.io/v1",
      kind: "APIService",
      metadata: { name: apiService },
      spec: {
        group,
        version: "v1beta1",
        groupPriorityMinimum: 100,
        versionPriority: 100,
        service: { ...metadata, port: 443 },
        caBundle: readFileSync(authority).toString("base64"),
      },
    },
  ];
}
