import { Resolver } from "node:dns/promises";
import { join } from "node:path";

import { writeIfChanged } from "../host/configFile";
import { gitlabHost, type Instance } from "../host/instance";
import { hostsFile, inNode } from "../host/node";
import { probe } from "../host/probe";
import { findService, startService, stopService } from "../host/processes";
import { applyObjects, renderRole } from "./applyObjects";
import { type ClusterCredentials, coreDnsUser } from "./clusterCredentials";
import { clusterDomain } from "./dns/answer";

const serviceName = "coredns";
const readyPort = 8181;

/** Whether CoreDNS is the cluster's DNS server, in place of the sandbox's own. */
export function runsCoreDns(instance: Instance): boolean {
  return findService(instance, serviceName) !== undefined;
}

/** Starts CoreDNS at the node's address, where pods ask, in place of the sandbox's own DNS server. */
export async function startCoreDns(
  instance: Instance,
  credentials: ClusterCredentials,
  programs: { readonly coredns: string; readonly kubectl: string },
): Promise<void> {
  const rules = [
    { apiGroups: [""], resources: ["services", "namespaces"], verbs: ["list", "watch"] },
    { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list", "watch"] },
  ];
  const role = renderRole(coreDnsUser, rules);
  await applyObjects(instance, credentials, programs.kubectl, "dns", role);

  const { node } = instance.addresses;
  const kubeconfig = credentials.kubeconfigs.coredns;
  const corefile = writeIfChanged(
    join(instance.root, "Corefile"),
    renderCorefile(instance, kubeconfig),
  );
  await stopService(instance, "dns");
  await startService(instance, {
    name: serviceName,
    command: inNode(instance, "node", [programs.coredns, "-conf", corefile]),
    reads: [corefile, kubeconfig],
    ready: async () => {
      await probe({ url: `http://${node}:${readyPort}/ready` });
      const resolver = new Resolver({ timeout: 1000, tries: 1 });
      resolver.setServers([node]);
      return (await resolver.resolve4(`kubernetes.default.svc.${clusterDomain}`)).length === 1;
    },
  });
}

/** What CoreDNS answers: the cluster's names, GitLab's, and that any other name does not exist. */
function renderCorefile(instance: Instance, kubeconfig: string): string {
  const { node } = instance.addresses;
  return `${clusterDomain} in-addr.arpa ip6.arpa {
  bind ${node}
  errors
  ready ${node}:${readyPort}
  kubernetes ${clusterDomain} in-addr.arpa ip6.arpa {
    kubeconfig ${kubeconfig}
    ttl 5
  }
}
${gitlabHost} {
  bind ${node}
  errors
  hosts ${hostsFile(instance)}
}
. {
  bind ${node}
  errors
  template ANY ANY {
    rcode NXDOMAIN
  }
}
`;
}
