import type { Instance } from "../host/instance";
import { inNode } from "../host/node";
import { probe } from "../host/probe";
import { startService } from "../host/processes";
import { applyObjects, renderRole } from "./applyObjects";
import { type ClusterCredentials, ingressUser } from "./clusterCredentials";

/** Ports of the node's address: GitLab has the usual ones. */
export const ingressPorts = { http: 8000, https: 8443, ping: 8082 } as const;

/** Name of the IngressClass, for `ingressClass` of a stack. */
export const ingressClass = "traefik";

/**
 * Starts Traefik, an Ingress controller, in the node's network, from which it reaches the pods.
 * Its rights are those that Traefik's documentation lists for the provider `kubernetesIngress`.
 */
export async function startIngressController(
  instance: Instance,
  credentials: ClusterCredentials,
  programs: { readonly kubectl: string; readonly traefik: string },
): Promise<void> {
  const { kubeconfigs } = credentials;
  await applyObjects(instance, credentials, programs.kubectl, "ingress", renderObjects());

  const { node } = instance.addresses;
  await startService(instance, {
    name: "traefik",
    command: inNode(instance, "node", [
      programs.traefik,
      "--global.checknewversion=false",
      `--entrypoints.web.address=${node}:${ingressPorts.http}`,
      `--entrypoints.websecure.address=${node}:${ingressPorts.https}`,
      // As Traefik's Helm chart sets it: without it an Ingress with TLS needs an annotation.
      "--entrypoints.websecure.http.tls=true",
      `--entrypoints.ping.address=${node}:${ingressPorts.ping}`,
      "--ping.entrypoint=ping",
      "--providers.kubernetesingress=true",
      `--providers.kubernetesingress.ingressendpoint.ip=${node}`,
    ]),
    environment: { KUBECONFIG: kubeconfigs.traefik },
    reads: [kubeconfigs.traefik],
    ready: () => probe({ url: `http://${node}:${ingressPorts.ping}/ping` }),
  });
}

function renderObjects(): object[] {
  const read = ["get", "list", "watch"];
  return [
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "IngressClass",
      metadata: { name: ingressClass },
      spec: { controller: "traefik.io/ingress-controller" },
    },
    ...renderRole(ingressUser, [
      { apiGroups: [""], resources: ["services", "secrets", "nodes"], verbs: read },
      { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list", "watch"] },
      { apiGroups: ["networking.k8s.io"], resources: ["ingresses", "ingressclasses"], verbs: read },
      { apiGroups: ["networking.k8s.io"], resources: ["ingresses/status"], verbs: ["update"] },
    ]),
  ];
}
