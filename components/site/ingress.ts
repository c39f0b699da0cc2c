import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { ServiceSettings } from "./serviceSettings";

/** Public address of a site. */
export interface SiteAddress {
  /**
   * Host name under which an Ingress serves the site.
   *
   * @default none: no Ingress
   */
  readonly host?: string;

  /**
   * Path below which the image serves the pages, such as `/docs`: the site's own `pathPrefix`.
   *
   * @default none: the root of the host
   */
  readonly pathPrefix?: string;

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

  /**
   * The Service, which the cluster alone reaches by default.
   *
   * @default {}
   */
  readonly service?: ServiceSettings;
}

/** Builds an Ingress that sends the requests for `host`, below the path prefix, to a Service's port `http`. */
export function buildIngressSpec(
  host: string,
  service: pulumi.Input<string>,
  { ingressClass, pathPrefix: path = "/", tlsSecret }: SiteAddress,
): k8s.types.input.networking.v1.IngressSpec {
  const backend = { service: { name: service, port: { name: "http" } } };
  return {
    ingressClassName: ingressClass,
    tls: tlsSecret === undefined ? undefined : [{ hosts: [host], secretName: tlsSecret }],
    rules: [{ host, http: { paths: [{ path, pathType: "Prefix", backend }] } }],
  };
}
