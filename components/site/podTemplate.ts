import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { chooseContainerName, type LastContainer } from "./containerName";
import { defaultContainerPort } from "./defaults";
import { keepReleases, type KeptReleases, keptStorageLimit } from "./keptRelease";
import {
  type ExtraVolume,
  type PodSettings,
  spreadFallbacks,
  type TopologySpread,
} from "./podSettings";
import { environmentFolder, usersFolder } from "./runtimeConfig";
import {
  defaultReadinessPath,
  defaultUserId,
  defaultWebServer,
  listWritableFolders,
  type WebServer,
  type WritableFolder,
} from "./webServer";

type ContainerResources = k8s.types.input.core.v1.ResourceRequirements;

/** What a pod reserves and may use. */
export interface SiteResources {
  /** Reserved amounts, by resource. */
  readonly requests?: Readonly<Record<string, string | number>>;
  /** Amounts that the pod may use, by resource. */
  readonly limits?: Readonly<Record<string, string | number>>;
}

/** What one container of nginx with a static site needs; the limits leave room for a burst. */
const defaultResources: SiteResources = {
  requests: { cpu: "25m", memory: "32Mi", "ephemeral-storage": "32Mi" },
  limits: { cpu: "250m", memory: "128Mi", "ephemeral-storage": "128Mi" },
};

/** Arguments of {@link buildPodTemplate}. */
export interface PodTemplateArgs {
  readonly name: string;
  readonly image: pulumi.Input<string>;
  readonly labels: Record<string, pulumi.Input<string>>;
  readonly serviceAccount: pulumi.Input<string>;
  readonly pullSecret?: pulumi.Input<string>;
  readonly containerPort?: number;
  readonly lastContainer?: LastContainer;
  readonly webServer?: WebServer;
  readonly userId?: number;
  readonly writablePaths?: readonly string[];
  readonly resources?: pulumi.Input<SiteResources>;
  readonly readinessPath?: string;
  readonly pathPrefix?: string;
  readonly livenessPath?: string;
  readonly pods?: PodSettings;
  /** The releases before, the newest first, whose compiled files are kept; undefined to keep none. */
  readonly keptImages?: pulumi.Input<readonly string[]>;
  /** Files of the environment, and a checksum that changes with them. */
  readonly environment?: {
    readonly configMap: pulumi.Input<string>;
    readonly checksum: string;
    /** Secret with the users that the site lets in; undefined if it asks nobody. */
    readonly users?: pulumi.Input<string>;
  };
}

/**
 * Builds the pod of a static site: one web server without privileges. It meets Kubernetes' "restricted" Pod Security
 * Standard.
 */
export function buildPodTemplate(pod: PodTemplateArgs): k8s.types.input.core.v1.PodTemplateSpec {
  const port = pod.containerPort ?? defaultContainerPort;
  const { environment, pods = {}, userId = defaultUserId, webServer = defaultWebServer } = pod;
  const folders = listWritableFolders(webServer, pod.writablePaths ?? []);
  const common = buildCommon(pod);
  const kept = pod.keptImages && keepReleases(pod.keptImages, common);
  return {
    metadata: {
      labels: { ...pods.labels, ...pod.labels },
      annotations: buildAnnotations(pod),
    },
    spec: {
      nodeSelector: pods.nodeSelector,
      tolerations: pods.tolerations?.map((toleration) => ({ ...toleration })),
      affinity: pods.affinity,
      priorityClassName: pods.priorityClass,
      serviceAccountName: pod.serviceAccount,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      imagePullSecrets: pod.pullSecret === undefined ? undefined : [{ name: pod.pullSecret }],
      securityContext: {
        runAsNonRoot: true,
        runAsUser: userId,
        runAsGroup: userId,
        fsGroup: userId,
        seccompProfile: { type: "RuntimeDefault" },
        sysctls: allowPort(port),
      },
      topologySpreadConstraints: buildSpread(pods.topologySpread, { app: pod.name }),
      initContainers: kept?.initContainers,
      containers: [buildContainer(pod, { ...common, port, webServer, folders, kept })],
      volumes: [
        // Where the web server writes its process id and its buffers.
        ...folders.map(({ name }) => ({ name, emptyDir: { sizeLimit: "64Mi" } })),
        ...(environment
          ? [{ name: "environment", configMap: { name: environment.configMap } }]
          : []),
        ...(environment?.users === undefined
          ? []
          : [{ name: "users", secret: { secretName: environment.users } }]),
        ...(pods.volumes ?? []).map(buildVolume),
        ...(kept ? [kept.volume] : []),
      ],
    },
  };
}

function buildSpread(
  spread: readonly TopologySpread[] | undefined,
  matchLabels: Readonly<Record<string, string>>,
): k8s.types.input.core.v1.TopologySpreadConstraint[] {
  const labelSelector = { matchLabels };
  // A small cluster still runs all pods.
  const fallback = { maxSkew: 1, whenUnsatisfiable: spreadFallbacks[0], labelSelector };
  if (spread === undefined) return [{ ...fallback, topologyKey: "kubernetes.io/hostname" }];
  return spread.map(({ maxSkew = 1, topologyKey, whenUnsatisfiable = spreadFallbacks[0] }) => ({
    topologyKey,
    maxSkew,
    whenUnsatisfiable,
    labelSelector,
    // The pods that a rollout is about to end don't count.
    matchLabelKeys: ["pod-template-hash"],
  }));
}

function buildAnnotations({ environment, pods }: PodTemplateArgs) {
  if (environment === undefined) return pods?.annotations;
  return { ...pods?.annotations, "checksum/environment": environment.checksum };
}

/** What all containers of the pod have. */
type CommonSettings = Pick<
  k8s.types.input.core.v1.Container,
  "imagePullPolicy" | "resources" | "securityContext"
>;

function buildCommon({ keptImages, resources }: PodTemplateArgs): CommonSettings {
  const { limits, requests } = defaultResources;
  const storage = keptImages === undefined ? {} : { "ephemeral-storage": keptStorageLimit };
  return {
    // A digest never changes its content, so a node that has the image starts pods without the registry.
    imagePullPolicy: "IfNotPresent",
    // Kubernetes takes a number as an amount too, which the SDK's types don't know.
    resources: (resources ?? {
      requests,
      limits: { ...limits, ...storage },
    }) as pulumi.Input<ContainerResources>,
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      readOnlyRootFilesystem: true,
    },
  };
}

interface ResolvedServer extends CommonSettings {
  readonly port: number;
  readonly webServer: WebServer;
  readonly folders: readonly WritableFolder[];
  readonly kept: KeptReleases | undefined;
}

function buildContainer(
  pod: PodTemplateArgs,
  { folders, kept, port, webServer, ...common }: ResolvedServer,
): k8s.types.input.core.v1.Container {
  const { pathPrefix = "", readinessPath = defaultReadinessPath } = pod;
  // The site's root is below its prefix. The kubelet has no password, and `/healthz` asks for none.
  const rootPath = pod.environment?.users === undefined ? `${pathPrefix}/` : "/healthz";
  const { livenessPath = webServer === "slipway" ? "/healthz" : "" } = pod;
  return {
    name: chooseContainerName(pod.name, port, pod.lastContainer),
    image: pod.image,
    ...common,
    ports: [{ name: "http", containerPort: port }],
    readinessProbe: {
      ...buildCheck(readinessPath === "/" ? rootPath : readinessPath),
      periodSeconds: 5,
      timeoutSeconds: 2,
    },
    // Not the readiness probe's check: a broken site is taken out of the Service, but not restarted.
    livenessProbe: {
      ...buildCheck(livenessPath),
      periodSeconds: 10,
      timeoutSeconds: 2,
    },
    // Requests arrive until every node knows that the pod is terminating.
    lifecycle: { preStop: { sleep: { seconds: 5 } } },
    volumeMounts: [
      ...folders.map(({ name, path }) => ({ name, mountPath: path })),
      ...(pod.environment
        ? [{ name: "environment", mountPath: environmentFolder, readOnly: true }]
        : []),
      ...(pod.environment?.users === undefined
        ? []
        : [{ name: "users", mountPath: usersFolder, readOnly: true }]),
      ...(pod.pods?.volumes ?? []).map(({ path, readOnly = true }, index) => ({
        name: nameVolume(index),
        mountPath: path,
        readOnly,
      })),
      ...(kept ? [kept.mount] : []),
    ],
  };
}

function nameVolume(index: number): string {
  return `extra-${index + 1}`;
}

function buildVolume(
  { claim, configMap, secret }: ExtraVolume,
  index: number,
): k8s.types.input.core.v1.Volume {
  return {
    name: nameVolume(index),
    secret: secret === undefined ? undefined : { secretName: secret },
    configMap: configMap === undefined ? undefined : { name: configMap },
    persistentVolumeClaim: claim === undefined ? undefined : { claimName: claim },
  };
}

/** Asks for a path, or only whether the port accepts connections if the path is empty. */
function buildCheck(path: string): k8s.types.input.core.v1.Probe {
  return path === "" ? { tcpSocket: { port: "http" } } : { httpGet: { path, port: "http" } };
}

/** Allows a process that is not root to listen on a port below 1024. */
function allowPort(port: number) {
  if (port >= 1024) return undefined;
  return [{ name: "net.ipv4.ip_unprivileged_port_start", value: String(port) }];
}
