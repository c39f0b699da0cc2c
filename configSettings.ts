import { imageBuilders } from "./components/imageBuild";
import { pullSecretModes } from "./components/pullSecretNeed";
import { findCertificateProblems } from "./configCertificate";
import { findCredentialsProblems } from "./configCredentials";
import * as rules from "./configRules";

/** One key of the configuration. */
export interface Setting {
  /** What holds when the key is left out, as text. Empty: nothing. */
  readonly default: string;
  /** What to set that would do: a value, or options of `pulumi config set`. */
  readonly example: string;
  /** What a value that is not empty must be. */
  readonly findProblems: rules.Rule;
  /** Whether a part of it may be stored as a secret. What is wrong with it then shows no value. */
  readonly holdsSecrets?: true;
}

const dnsLabel = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const dnsName = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;
const kubernetesName = "lower-case letters, digits, `-` and `.`";

/** Every key of the program's own namespace. Pulumi.yaml declares the same ones for the command line. */
export const settings = {
  project: { default: "", example: "group/project", findProblems: rules.findProjectProblems },
  group: { default: "", example: "group", findProblems: rules.findGroupProblems },
  registry: {
    default: "registry.gitlab.com",
    example: "gitlab.example.com:5050",
    findProblems: rules.findRegistryProblems,
  },
  imageName: {
    default: "",
    example: "site",
    findProblems: rules.matches(
      /^[a-z0-9]+([._-]+[a-z0-9]+)*(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/,
      "an image name: lower-case letters and digits, with `.`, `_`, `-` or `/` in between",
    ),
  },
  digest: {
    default: "",
    example: "sha256:<64 hexadecimal digits>",
    findProblems: rules.matches(
      /^sha256:[0-9a-f]{64}$/,
      'a digest: "sha256:" and 64 hexadecimal digits',
    ),
  },
  siteDirectory: { default: "site", example: "site", findProblems: rules.findPathProblems },
  dockerfile: { default: "", example: "site/Dockerfile", findProblems: rules.findPathProblems },
  buildArgs: {
    default: "{}",
    example: "--path 'buildArgs.NODE_IMAGE' <image>",
    findProblems: rules.findBuildArgsProblems,
  },
  builder: {
    default: "buildkit",
    example: "buildkit",
    findProblems: rules.isOneOf(imageBuilders),
  },
  namespace: {
    default: "",
    example: "web",
    findProblems: rules.matches(dnsLabel, "a namespace: lower-case letters, digits and `-`"),
  },
  host: {
    default: "",
    example: "www.example.com",
    findProblems: rules.matches(dnsName, "a host name without scheme, port and path"),
  },
  tlsSecret: {
    default: "",
    example: "www-tls",
    findProblems: rules.matches(dnsName, `a secret's name: ${kubernetesName}`),
  },
  ingressClass: {
    default: "",
    example: "nginx",
    findProblems: rules.matches(dnsName, `an Ingress class: ${kubernetesName}`),
  },
  replicas: { default: "2", example: "2", findProblems: rules.isWholeNumber(1, 1000) },
  resources: {
    default: "{}",
    example: "--path 'resources.limits.memory' 128Mi",
    findProblems: rules.findResourcesProblems,
  },
  containerPort: { default: "8080", example: "8080", findProblems: rules.isWholeNumber(1, 65535) },
  pullSecret: {
    default: "auto",
    example: "always",
    findProblems: rules.isOneOf(pullSecretModes),
  },
  pullSecretName: {
    default: "",
    example: "gitlab-registry",
    findProblems: rules.matches(dnsName, `a secret's name: ${kubernetesName}`),
  },
  pullSecretServiceAccounts: {
    default: "[]",
    example: "--path 'pullSecretServiceAccounts[0]' default",
    findProblems: rules.isListOf(dnsName, `a service account's name: ${kubernetesName}`),
  },
  rotateEveryDays: { default: "60", example: "60", findProblems: rules.isWholeNumber(1, 365) },
  warnDays: { default: "14", example: "14", findProblems: rules.isWholeNumber(0, 365) },
  rotation: { default: "0", example: "1", findProblems: rules.isWholeNumber(0, 1_000_000) },
  credentials: {
    default: "{}",
    example: "--path 'credentials.pull.username' <name>",
    findProblems: findCredentialsProblems,
    holdsSecrets: true,
  },
  caCertificate: { default: "", example: "ca.pem", findProblems: findCertificateProblems },
  email: {
    default: "",
    example: "web@example.com",
    findProblems: rules.matches(/^[^\s@]+@[^\s@]+$/, "an e-mail address"),
  },
} satisfies Record<string, Setting>;

/** Name of a key of the program's own namespace. */
export type Key = keyof typeof settings;

/** All keys. */
export const keys = Object.keys(settings) as Key[];

/** A value for every key, as text. */
export type Values = Readonly<Record<Key, string>>;

/**
 * The values of the keys, each as the stack of a Pulumi project has it or else its default.
 *
 * Empty text counts as left out: so a stack can unset what the project sets.
 */
export function fillIn(project: string, values: Readonly<Record<string, string>>): Values {
  const filled = keys.map((key) => [key, values[`${project}:${key}`] || settings[key].default]);
  return Object.fromEntries(filled) as Values;
}
