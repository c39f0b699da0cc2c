import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { SiteAddress } from "./ingress";

/** Keeps Pulumi from waiting for pods: the Deployment does, and it alone knows why one does not start. */
export const unawaited = { "pulumi.com/skipAwait": "true" };

/** Creates the Service of a site, which answers on port 80. */
export function createService(
  name: string,
  args: {
    readonly address: SiteAddress;
    readonly deployment: pulumi.Resource;
    readonly metadata: k8s.types.input.meta.v1.ObjectMeta;
    readonly selector: Readonly<Record<string, string>>;
  },
  parent: pulumi.Resource,
): k8s.core.v1.Service {
  const { host, service: { annotations, type = "ClusterIP" } = {} } = args.address;
  // The load balancer's address is the URL. Pulumi waits for it, and for pods too: after the Deployment there are some.
  const isAwaited = type === "LoadBalancer" && host === undefined;
  return new k8s.core.v1.Service(
    name,
    {
      metadata: {
        ...args.metadata,
        annotations: { ...annotations, ...(isAwaited ? {} : unawaited) },
      },
      spec: {
        type,
        selector: args.selector,
        ports: [{ name: "http", port: 80, targetPort: "http" }],
      },
    },
    { parent, dependsOn: isAwaited ? [args.deployment] : [] },
  );
}

/**
 * Computes the site's URL: that of its host, else of its load balancer, or else of its Service inside the cluster's
 * network.
 *
 * In a preview that creates the Service, the URL without a host is unknown: the API server's dry run returns
 * a cluster IP that the Service does not get.
 */
export function computeUrl(
  { host, pathPrefix = "", service: { type } = {}, tlsSecret }: SiteAddress,
  service: k8s.core.v1.Service,
): pulumi.Output<string> {
  if (host !== undefined) {
    const scheme = tlsSecret === undefined ? "http" : "https";
    return pulumi.output(`${scheme}://${host}${pathPrefix}`);
  }
  const read = type === "LoadBalancer" ? findBalancer : findClusterIp;
  // Only a Service that exists has an id.
  return pulumi.all([read(service), service.id]).apply(([address]) => {
    if (address === undefined) return pulumi.unknown as unknown as string;
    return `http://${address.includes(":") ? `[${address}]` : address}${pathPrefix}`;
  });
}

function findClusterIp({ spec }: k8s.core.v1.Service): pulumi.Output<string | undefined> {
  return spec.clusterIP;
}

/** Address of a load balancer: a cloud has either a name for it or an IP. */
function findBalancer({ status }: k8s.core.v1.Service): pulumi.Output<string | undefined> {
  return status.apply((known: k8s.types.output.core.v1.ServiceStatus | undefined) => {
    const [first] = known?.loadBalancer?.ingress ?? [];
    return first?.hostname || first?.ip;
  });
}
