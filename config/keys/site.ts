import {
  defaultContainerPort,
  defaultMinReplicas,
  defaultProgressDeadlineSeconds,
  defaultReplicas,
  defaultRevisionHistoryLimit,
  defaultTargetCPUUtilization,
} from "../../components/site/defaults";
import {
  type NetworkPolicyMode,
  networkPolicyModes,
} from "../../components/site/networkPolicyMode";
import {
  defaultReadinessPath,
  defaultUserId,
  defaultWebServer,
  type WebServer,
  webServers,
} from "../../components/site/webServer";
import { key, listKey, optionalKey, structuredKey } from "../keyDefinition";
import { headerKeys } from "./headers";
import { podKeys } from "./pods";
import { invalid, valid } from "../result";
import {
  anything,
  object,
  optional,
  record,
  required,
  scalar,
  type Structure,
  withDefault,
} from "../structures";
import {
  isHostName,
  isListOfFolders,
  isNamespace,
  isObjectName,
  isOneOf,
  isWholeNumber,
  matches,
  type Validator,
} from "../validators";

/** Name of the component that is the site in the program, and so of its Deployment. */
export const siteName = "gatsby-site";

/** Maximum size of `publicConfig`, in bytes: a ConfigMap holds 1 MiB, and has more in it than this. */
const publicConfigLimitBytes = 900 * 1024;

/** An amount of a resource. A number stays one, so that a stack that has one shows no change. */
const amount: Structure<string | number> = {
  fields: [],
  parse: (value) =>
    (typeof value === "string" || typeof value === "number") &&
    /^\d+(\.\d+)?([EPTGMk]i?|m)?$/.test(String(value))
      ? valid(value)
      : invalid('is not an amount such as "100m" or "64Mi".'),
};

const amounts = record('amounts, such as { cpu: "100m", memory: "64Mi" }', amount);

const anyObject = record("names and values", anything);

const publicConfig: typeof anyObject = {
  ...anyObject,
  parse: (value) => {
    const bytes = Buffer.byteLength(JSON.stringify(value) ?? "");
    return bytes > publicConfigLimitBytes
      ? invalid(`has ${bytes} bytes. A ConfigMap holds it: at most ${publicConfigLimitBytes}.`)
      : anyObject.parse(value);
  },
};

/** Value of `readinessPath` and `livenessPath` for a check without a path: empty text is the default. */
const noPath = "none";

const isCheckPath: Validator<string> = (text) =>
  text === noPath ? valid("") : matches(/^\/\S*$/, 'a path that begins with "/", or "none"')(text);

/** Each release that is kept is an image more that a new pod needs. */
const keptReleasesLimit = 5;

/** Highest user id of Linux that Kubernetes accepts. */
const highestUserId = 2 ** 31 - 1;

/** What runs in Kubernetes. */
export const siteKeys = {
  namespace: optionalKey({
    description:
      "Existing Kubernetes namespace, in which all objects are named `<project>-<stack>`; if empty the stack creates a namespace of that name",
    example: "web",
    validate: isNamespace,
  }),
  host: optionalKey({
    description: "Host name under which an Ingress serves the site; no Ingress if empty",
    example: "www.example.com",
    validate: isHostName,
  }),
  pathPrefix: optionalKey({
    description:
      "Path below which the image serves the pages, such as `/docs`: the site's own `pathPrefix`, for the Ingress, the output `url` and the readiness check. In Slipway's Dockerfile it is `ARG PATH_PREFIX`",
    example: "/docs",
    validate: matches(
      /^(\/(?!\.\.?(\/|$))[\w.~-]+)+$/,
      'a path such as "/docs": with "/" at its beginning, and without at its end',
    ),
  }),
  tlsSecret: optionalKey({
    description: "TLS secret with the certificate for `host`",
    example: "www-tls",
    validate: isObjectName("a secret's name"),
  }),
  ingressClass: optionalKey({
    description: "Class of the Ingress; the cluster's default class if empty",
    example: "nginx",
    validate: isObjectName("an Ingress class"),
  }),
  clusterIdentifier: optionalKey({
    description:
      "Identifies the cluster; another value moves the stack to the cluster that `kubernetes:context` leads to. If empty it stays what it was: at first the stack's name",
    example: "new-cluster",
    validate: isObjectName("a cluster's name"),
  }),
  replicas: key<number>({
    description: "Number of pods",
    default: defaultReplicas,
    example: String(defaultReplicas),
    validate: isWholeNumber(1, 1000),
  }),
  autoscaling: structuredKey({
    description:
      "Limits between which an autoscaler sets the number of pods, in place of `replicas`, by their use of CPU. The cluster needs metrics-server or the like",
    default: undefined,
    example: "--path 'autoscaling.maxReplicas' 6",
    structure: object(
      {
        minReplicas: withDefault(
          `Least number of pods, and that of a new site; ${defaultMinReplicas} if missing`,
          scalar(isWholeNumber(1, 1000)),
          defaultMinReplicas,
        ),
        maxReplicas: required("Greatest number of pods", scalar(isWholeNumber(2, 1000))),
        targetCPUUtilization: withDefault(
          `Use of CPU to aim at, in per cent of \`resources.requests.cpu\`; ${defaultTargetCPUUtilization} if missing`,
          scalar(isWholeNumber(1, 1000)),
          defaultTargetCPUUtilization,
        ),
      },
      ({ maxReplicas, minReplicas = defaultMinReplicas }) =>
        Number(maxReplicas) < Number(minReplicas)
          ? [
              `has the \`maxReplicas\` ${String(maxReplicas)}, fewer than the least number of pods, ${String(minReplicas)}.`,
            ]
          : [],
    ),
  }),
  progressDeadlineSeconds: key<number>({
    description:
      "Seconds without progress after which a rollout has failed; `slipway up` ends earlier if waiting can't help",
    default: defaultProgressDeadlineSeconds,
    example: "120",
    validate: isWholeNumber(10, 3600),
  }),
  revisionHistoryLimit: key<number>({
    description: "Number of old ReplicaSets that Kubernetes keeps for `kubectl rollout undo`",
    default: defaultRevisionHistoryLimit,
    example: "0",
    validate: isWholeNumber(0, 100),
  }),
  resources: structuredKey({
    description: "Kubernetes resources of each pod; if empty small default ones",
    default: undefined,
    example: "--path 'resources.limits.memory' 128Mi",
    structure: object({
      requests: optional("Amounts that are reserved for a pod, by resource", amounts),
      limits: optional("Amounts that a pod may use, by resource", amounts),
    }),
  }),
  containerPort: key<number>({
    description: "Port on which the image's web server listens",
    default: defaultContainerPort,
    example: String(defaultContainerPort),
    validate: isWholeNumber(1, 65535),
  }),
  webServer: key<WebServer>({
    description:
      "What serves the site in the image: `slipway` (nginx with the nginx.conf that Slipway's Dockerfile copies) or `image` (the image's own, such as that of `nginx:alpine`: no `publicConfig`, no `noindex`, none of the headers of `contentPolicy`, `hstsMaxAge` and `headers`)",
    default: defaultWebServer,
    example: "image",
    validate: isOneOf(webServers),
  }),
  readinessPath: key<string>({
    description:
      "Path that answers with status 200 once a pod can serve the site, `/` being the site's root below `pathPrefix`; `none` if no path does, for a check of the port alone",
    default: defaultReadinessPath,
    example: "/de/",
    validate: isCheckPath,
  }),
  livenessPath: optionalKey({
    description:
      "Path that answers with status 200 while the web server runs; `none` for a check of the port alone. If empty `/healthz`, and with `webServer` `image` the port",
    example: "/live",
    validate: isCheckPath,
  }),
  userId: key<number>({
    description:
      "User and group id that the pods run as; it must be able to read the image's files",
    default: defaultUserId,
    example: "101",
    validate: isWholeNumber(1, highestUserId),
  }),
  writablePaths: listKey<string>({
    description:
      "Folders that the web server writes to, beside `/tmp` (with `webServer` `image` also beside `/run` and `/var/cache/nginx`); separated by commas, empty when a pod starts",
    default: [],
    example: "/data,/config",
    validate: isListOfFolders,
  }),
  networkPolicy: optionalKey<NetworkPolicyMode>({
    description:
      "Whether a NetworkPolicy closes the pods: `closed` (they accept requests to their port, from anywhere, and connect to nothing) or `none`. If empty `closed`, and with `webServer` `image` or an existing `namespace` `none`",
    example: "none",
    validate: isOneOf(networkPolicyModes),
  }),
  keepReleases: key<number>({
    description:
      "Number of releases before this one whose compiled files the pods still serve, for pages that were opened then: 0 to 5",
    default: 0,
    example: "1",
    validate: isWholeNumber(0, keptReleasesLimit),
  }),
  publicConfig: structuredKey({
    description: "What the site's pages read at run time, at `/config.json`. Anyone can read it",
    default: {},
    example: "--path 'publicConfig.notice' <text>",
    structure: publicConfig,
  }),
  ...headerKeys,
  ...podKeys,
};
