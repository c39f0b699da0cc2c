import { imageBuilders, imagePlatforms } from "../components/image/imageBuild";
import { pullSecretModes } from "../components/registry/pullAccess";
import { releaseModes, tiers } from "../components/release/release";
import { configurableTagKinds, defaultTagKinds } from "../components/release/tagNames";
import { findCertificateProblems } from "./caCertificate";
import { defaultCleanupPolicy, findCleanupPolicyProblems } from "./cleanupPolicy";
import { findCredentialsProblems } from "./credentials";
import * as rules from "./validators";

/** In a list, so that there can be none: empty text is the default. */
export const noTags = "none";

/** One key of the configuration. */
export interface KeyDefinition {
  /** What holds when the key is left out, as text. Empty: nothing. */
  readonly default: string;
  /** What to set that would do: a value, or options of `pulumi config set`. */
  readonly example: string;
  /** What a value that is not empty must be. */
  readonly findProblems: rules.Validator;
  /** Whether it must be stored as a secret; else it must not. */
  readonly isSecret?: true;
  /** What to do about a value that is wrong, where `pulumi config set` is not it. */
  readonly remedy?: string;
  /** Whether parts of it may be stored as secrets. What is wrong with it then shows no value. */
  readonly holdsSecrets?: true;
}

const dnsLabel = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const dnsName = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;
const kubernetesName = "lower-case letters, digits, `-` and `.`";

/** Every key of the program's own namespace. Pulumi.yaml declares the same ones for the command line. */
export const schema = {
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
    findProblems: rules.findImageNameProblems,
  },
  tier: { default: "development", example: "production", findProblems: rules.isOneOf(tiers) },
  release: { default: "build", example: "promote", findProblems: rules.isOneOf(releaseModes) },
  promoteFrom: { default: "", example: "staging", findProblems: rules.findStackProblems },
  skipStaging: { default: "false", example: "true", findProblems: rules.isBoolean },
  digest: {
    default: "",
    example: "sha256:<64 hexadecimal digits>",
    findProblems: rules.matches(
      /^sha256:[0-9a-f]{64}$/,
      'a digest: "sha256:" and 64 hexadecimal digits',
    ),
  },
  siteDirectory: {
    default: "site",
    example: "site",
    findProblems: rules.isPathBelow("the folder of Pulumi.yaml"),
  },
  outputDirectory: {
    default: "public",
    example: "public",
    findProblems: rules.isPathBelow("the site's folder"),
  },
  dockerfile: {
    default: "",
    example: "site/Dockerfile",
    findProblems: rules.isPathBelow("the folder of Pulumi.yaml"),
  },
  buildArgs: {
    default: "{}",
    example: "--path 'buildArgs.NODE_IMAGE' <image>",
    findProblems: rules.findBuildArgsProblems,
  },
  buildSecrets: {
    default: "{}",
    example: "--secret --path 'buildSecrets.NPM_TOKEN'",
    findProblems: rules.findBuildSecretsProblems,
    isSecret: true,
  },
  target: {
    default: "",
    example: "web",
    findProblems: rules.matches(
      /^[A-Za-z][\w.-]*$/,
      "a stage of a Dockerfile: a letter, then letters, digits, `_`, `.` and `-`",
    ),
  },
  platforms: {
    default: "",
    example: "linux/amd64,linux/arm64",
    findProblems: rules.isListOf(imagePlatforms),
  },
  builder: {
    default: "buildkit",
    example: "buildkit",
    findProblems: rules.isOneOf(imageBuilders),
  },
  cache: { default: "true", example: "true", findProblems: rules.isBoolean },
  sizeBudgetMiB: { default: "0", example: "100", findProblems: rules.isWholeNumber(0, 100_000) },
  tags: {
    default: defaultTagKinds.join(","),
    example: defaultTagKinds.join(","),
    findProblems: (value) => (value === noTags ? [] : rules.isListOf(configurableTagKinds)(value)),
  },
  replaceVersion: {
    default: "",
    example: "v1.2.3@sha256:<64 hexadecimal digits>",
    findProblems: rules.matches(
      /^v\d[\w.-]*@sha256:[0-9a-f]{64}$/,
      "a version and the digest that it may be taken from",
    ),
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
  publicConfig: {
    default: "{}",
    example: "--path 'publicConfig.notice' <text>",
    findProblems: rules.findPublicConfigProblems,
  },
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
    default: "",
    example: "default",
    findProblems: rules.isListMatching(dnsName, `a service account's name: ${kubernetesName}`),
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
  cleanupPolicy: {
    default: JSON.stringify(defaultCleanupPolicy),
    example: "--path 'cleanupPolicy.olderThan' 30d",
    findProblems: findCleanupPolicyProblems,
    // In a stack it would take the place of all that the project has.
    remedy: "change it in Pulumi.yaml, for all stacks",
  },
  email: {
    default: "",
    example: "web@example.com",
    findProblems: rules.matches(/^[^\s@]+@[^\s@]+$/, "an e-mail address"),
  },
} satisfies Record<string, KeyDefinition>;

/** Name of a key of the program's own namespace. */
export type Key = keyof typeof schema;

/** All keys. */
export const keys = Object.keys(schema) as Key[];

/** A value for every key, as text. */
export type Values = Readonly<Record<Key, string>>;

/**
 * The values of the keys, each as the stack of a Pulumi project has it or else its default.
 *
 * Empty text counts as left out: so a stack can unset what the project sets.
 */
export function withDefaults(project: string, values: Readonly<Record<string, string>>): Values {
  const filled = keys.map((key) => [key, values[`${project}:${key}`] || schema[key].default]);
  return Object.fromEntries(filled) as Values;
}

/** The image repository: the registry, the project's path and the configured name below it. */
export function computeRepository({ imageName, project, registry }: Values): string {
  // GitLab's paths may have capitals, image names may not.
  return [registry, project, imageName].filter(Boolean).join("/").toLowerCase();
}

/** What stands after `pulumi config set` for a value that would do. */
export function formatExample(key: Key): string {
  const { example } = schema[key];
  return example.startsWith("--") ? example : `${key} ${example}`;
}

/** Whether a key must be stored as a secret. */
export function isSecret(key: Key): boolean {
  return (schema[key] as KeyDefinition).isSecret === true;
}

/** Whether parts of a key may be stored as secrets. */
export function holdsSecrets(key: Key): boolean {
  return (schema[key] as KeyDefinition).holdsSecrets === true;
}
