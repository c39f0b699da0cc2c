import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/** Where a site is served from. */
export interface SiteAddress {
  /**
   * Host name under which an Ingress serves the site.
   *
   * @default none: no Ingress
   */
  readonly host?: string;

  /**
   * TLS secret with the certificate for `host`, in the site's namespace.
   *
   * @default none: the Ingress speaks HTTP
   */
  readonly tlsSecret?: string;

  /**
   * Class of the Ingress.
   *
   * @default the cluster's default class
   */
  readonly ingressClass?: pulumi.Input<string | undefined>;
}

/** An Ingress that sends everything for `host` to a Service's port `http`. */
export function buildIngressSpec(
  host: string,
  service: pulumi.Input<string>,
  { ingressClass, tlsSecret }: SiteAddress,
): k8s.types.input.networking.v1.IngressSpec {
  const backend = { service: { name: service, port: { name: "http" } } };
  return {
    ingressClassName: ingressClass,
    tls: tlsSecret === undefined ? undefined : [{ hosts: [host], secretName: tlsSecret }],
    rules: [{ host, http: { paths: [{ path: "/", pathType: "Prefix", backend }] } }],
  };
}

/** Where a site answers: at its host, or else at its Service, inside the cluster's network. */
export function computeUrl(
  { host, tlsSecret }: SiteAddress,
  service: k8s.core.v1.Service,
): pulumi.Output<string> {
  if (host !== undefined) {
    return pulumi.output(`${tlsSecret === undefined ? "http" : "https"}://${host}`);
  }
  return service.spec.clusterIP.apply((ip: string | undefined) => {
    // The preview of a first deployment has a Service that no cluster has given an address yet.
    if (ip === undefined) return pulumi.unknown as unknown as string;
    return `http://${ip.includes(":") ? `[${ip}]` : ip}`;
  });
}
