import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/** Public address of a site. */
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

  /**
   * Annotations of the Ingress, such as cert-manager's issuer.
   *
   * @default {}
   */
  readonly ingressAnnotations?: Readonly<Record<string, string>>;
}

/** Builds an Ingress that sends all requests for `host` to a Service's port `http`. */
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

/**
 * Computes the site's URL: that of its host, or else of its Service inside the cluster's network.
 *
 * In a preview that creates the Service, the URL without a host is unknown: the API server's dry run returns
 * a cluster IP that the Service does not get.
 */
export function computeUrl(
  { host, tlsSecret }: SiteAddress,
  service: k8s.core.v1.Service,
): pulumi.Output<string> {
  if (host !== undefined) {
    return pulumi.output(`${tlsSecret === undefined ? "http" : "https"}://${host}`);
  }
  // Only a Service that exists has an id.
  return pulumi.all([service.spec.clusterIP, service.id]).apply(([ip]: (string | undefined)[]) => {
    if (ip === undefined) return pulumi.unknown as unknown as string;
    return `http://${ip.includes(":") ? `[${ip}]` : ip}`;
  });
}
