import { parseAllDocuments } from "yaml";

import { readText, type Repository } from "./repository";

/** What a Kubernetes manifest of a repository says about the site. What it does not say is left out. */
export interface Manifest {
  /** Files that it was read from. */
  readonly files: readonly string[];
  readonly deployment: string;
  readonly namespace?: string;
  readonly replicas?: number;
  readonly port?: number;
  readonly resources?: object;
  /** Path of the readiness check. */
  readonly readinessPath?: string;
  /** Path of the readiness check, or else of the liveness check. */
  readonly probePath?: string;
  readonly host?: string;
  readonly tlsSecret?: string;
  readonly ingressClass?: string;
}

interface KubernetesObject {
  readonly kind?: string;
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
  readonly spec?: {
    readonly replicas?: number;
    readonly template?: { readonly spec?: { readonly containers?: readonly Container[] } };
    readonly ingressClassName?: string;
    readonly rules?: readonly { readonly host?: string }[];
    readonly tls?: readonly { readonly secretName?: string }[];
  };
}

interface Container {
  readonly image?: string;
  readonly ports?: readonly { readonly containerPort?: number }[];
  readonly resources?: object;
  readonly readinessProbe?: Probe;
  readonly livenessProbe?: Probe;
}

interface Probe {
  readonly httpGet?: { readonly path?: string };
}

/** The images of a Deployment that a pipeline fills in: a placeholder, or GitLab's variable. */
const placeholder = /__[A-Z_]*IMAGE[A-Z_]*__|\$\{?CI_REGISTRY_IMAGE\b|\$\{?[A-Z_]*IMAGE[A-Z_]*\}?/;

/**
 * Finds the manifest that a pipeline deploys the site with: a Deployment whose image is filled in, and the
 * Ingress and namespace beside it.
 *
 * @param imagePath path of the GitLab project, as images of its registry name it
 */
export function findManifest(repository: Repository, imagePath?: string): Manifest | undefined {
  const objects = repository.files
    .filter((file) => /\.ya?ml$/.test(file) && !/(^|\/)(node_modules|\.gitlab-ci)/.test(file))
    .flatMap((file) => readObjects(repository, file).map((object) => ({ file, object })));
  const isOurs = ({ image = "" }: Container): boolean =>
    placeholder.test(image) ||
    (imagePath !== undefined && image.toLowerCase().includes(`/${imagePath.toLowerCase()}`));
  const deployment = objects.find(
    ({ object }) =>
      object.kind === "Deployment" && object.spec?.template?.spec?.containers?.some(isOurs),
  );
  if (deployment === undefined) return undefined;
  const { metadata, spec } = deployment.object;
  const container = spec?.template?.spec?.containers?.find(isOurs);
  const ingress = objects.find(({ object }) => object.kind === "Ingress");
  return {
    files: [...new Set([deployment.file, ...(ingress === undefined ? [] : [ingress.file])])],
    deployment: metadata?.name ?? "",
    namespace: metadata?.namespace,
    replicas: spec?.replicas,
    port: container?.ports?.[0]?.containerPort,
    resources: container?.resources,
    readinessPath: container?.readinessProbe?.httpGet?.path,
    probePath: container?.readinessProbe?.httpGet?.path ?? container?.livenessProbe?.httpGet?.path,
    host: ingress?.object.spec?.rules?.[0]?.host,
    tlsSecret: ingress?.object.spec?.tls?.[0]?.secretName,
    ingressClass: ingress?.object.spec?.ingressClassName,
  };
}

function readObjects(repository: Repository, file: string): KubernetesObject[] {
  const text = readText(repository, file) ?? "";
  if (!/^kind:/m.test(text)) return [];
  // A placeholder that is not quoted, such as `{{ image }}`, makes a document that is not YAML.
  return parseAllDocuments(text).flatMap((document) => {
    if (document.errors.length > 0) return [];
    const value: unknown = document.toJS();
    return typeof value === "object" && value !== null ? [value] : [];
  });
}
