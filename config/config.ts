import type * as gitlab from "@pulumi/gitlab";
import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { ImageBuilder, ImagePlatform } from "../components/image/imageBuild";
import type { PullSecretMode } from "../components/registry/pullAccess";
import type { CredentialRole, ExistingCredentials } from "../components/registry/credentials";
import type { ReleaseMode, Tier } from "../components/release/release";
import { computeFullName } from "../components/release/stackOutputs";
import type { TagKind } from "../components/release/tagNames";
import { ensureCertificateFile } from "./caCertificate";
import { readClock } from "./clock";
import { readCredentials } from "./credentials";
import { readGitLabConnection } from "./gitlab";
import { findConfigProblems, type StackValues } from "./problems";
import { repositoryLevels, splitList, tryParseObject } from "./validators";
import { computeRepository, withDefaults, noTags, type Values } from "./schema";

/** The stack's configuration, checked and with its defaults filled in. */
export interface SiteConfig {
  /** Path of the GitLab project. */
  readonly project: string;
  /** Group that the deploy tokens belong to, instead of the project. */
  readonly group?: string;
  /** Registry, `host[:port]`. */
  readonly registry: string;
  /** Image repository: the registry, the project's path and the configured name below it. */
  readonly repository: string;
  /** What the stack is for. */
  readonly tier: Tier;
  /** Where the release comes from, where no digest pins it. */
  readonly release: ReleaseMode;
  /** Stack to take the release from. */
  readonly promoteFrom?: string;
  /** Whether production may take a release from elsewhere than staging. */
  readonly skipStaging: boolean;
  /** Digest that the stack is pinned to. */
  readonly digest?: string;
  /** Folder of the site. */
  readonly siteDirectory: string;
  /** Folder below the site's that the pages end up in. */
  readonly outputDirectory: string;
  /** Path of the Dockerfile, where it is not the site's own. */
  readonly dockerfile?: string;
  /** Build arguments. */
  readonly buildArgs: Record<string, string>;
  /** Build secrets by id. */
  readonly buildSecrets: Record<string, pulumi.Output<string>>;
  /** Stage of the Dockerfile that is the image, where it is not the last one. */
  readonly target?: string;
  /** Platforms to build for; the builder's own if there is none. */
  readonly platforms: readonly ImagePlatform[];
  /** What builds the image. */
  readonly builder: ImageBuilder;
  /** Reference that layers are kept under, unless they are not. */
  readonly cache?: string;
  /** Most that an image's compressed layers may have, in MiB. */
  readonly sizeBudgetMiB?: number;
  /** Kinds of tags for people. */
  readonly tags: readonly TagKind[];
  /** Version and digest that the version's tag may be taken from. */
  readonly replaceVersion?: string;
  /** Namespace that exists already. */
  readonly namespace?: string;
  /** Host name of the Ingress. */
  readonly host?: string;
  /** TLS secret for `host`. */
  readonly tlsSecret?: string;
  /** Class of the Ingress. */
  readonly ingressClass?: string;
  /** Number of pods. */
  readonly replicas: number;
  /** What a pod may use, where it is not the default. */
  readonly resources?: k8s.types.input.core.v1.ResourceRequirements;
  /** Port on which the image listens. */
  readonly containerPort: number;
  /** What the pages read at run time. */
  readonly publicConfig: Record<string, unknown>;
  /** Whether the cluster gets credentials to pull with. */
  readonly pullSecret: PullSecretMode;
  /** Name of the pull secret, where it is not the default. */
  readonly pullSecretName?: string;
  /** Service accounts that pull with it too. */
  readonly pullSecretServiceAccounts: readonly string[];
  /** Days between rotations of the tokens. */
  readonly rotateEveryDays: number;
  /** Days before a token's end from which it is warned of. */
  readonly warnDays: number;
  /** Number of forced rotations. */
  readonly rotation: number;
  /** Credentials that exist already. */
  readonly credentials: Readonly<Partial<Record<CredentialRole, ExistingCredentials>>>;
  /** How to reach GitLab: `gitlab:*`, and the CA. */
  readonly gitlab: gitlab.ProviderArgs;
  /** The time by which it is decided what is due. */
  readonly now: Date;
  /** E-mail address in the pull secret. */
  readonly email?: string;
  /** Which cluster: `kubernetes:kubeconfig` and `kubernetes:context`, as for any Pulumi program. */
  readonly cluster: {
    readonly kubeconfig?: pulumi.Output<string>;
    readonly context?: string;
  };
}

/**
 * Reads and checks the stack's configuration.
 *
 * @throws pulumi.RunError with every problem and its remedy
 */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Readonly<SiteConfig> {
  const values = pulumi.runtime.allConfig();
  const secrets = Object.keys(values).filter(isSecret);
  const name = computeFullName(pulumi.getStack());
  const problems = findConfigProblems(pulumi.getProject(), { name, values, secrets }, env);
  if (problems.length > 0) {
    const count = problems.length === 1 ? "a problem" : `${problems.length} problems`;
    throw new pulumi.RunError(
      [`The configuration of stack \`${pulumi.getStack()}\` has ${count}:`, ...problems].join("\n"),
    );
  }
  const filled = withDefaults(pulumi.getProject(), values);
  return Object.freeze(normalize(filled, { values, secrets }, env));
}

function normalize(
  values: Values,
  { values: all, secrets }: Pick<StackValues, "values" | "secrets">,
  env: NodeJS.ProcessEnv,
): SiteConfig {
  const { registry, project, imageName } = values;
  const resources = tryParseObject(values.resources) ?? {};
  const kubeconfig = all["kubernetes:kubeconfig"];
  const repository = computeRepository(values);
  return {
    project,
    group: values.group || undefined,
    registry,
    repository,
    tier: values.tier as Tier,
    release: values.release as ReleaseMode,
    promoteFrom: values.promoteFrom || undefined,
    skipStaging: values.skipStaging === "true",
    digest: values.digest || undefined,
    siteDirectory: values.siteDirectory,
    outputDirectory: values.outputDirectory,
    dockerfile: values.dockerfile || undefined,
    buildArgs: tryParseObject(values.buildArgs) as Record<string, string>,
    buildSecrets: markSecrets(tryParseObject(values.buildSecrets) as Record<string, string>),
    target: values.target || undefined,
    platforms: splitList(values.platforms) as ImagePlatform[],
    builder: values.builder as ImageBuilder,
    cache: values.cache === "true" ? computeCacheReference(repository, imageName) : undefined,
    sizeBudgetMiB: Number(values.sizeBudgetMiB) || undefined,
    tags: values.tags === noTags ? [] : (splitList(values.tags) as TagKind[]),
    replaceVersion: values.replaceVersion || undefined,
    namespace: values.namespace || undefined,
    host: values.host || undefined,
    tlsSecret: values.tlsSecret || undefined,
    ingressClass: values.ingressClass || undefined,
    replicas: Number(values.replicas),
    resources: Object.keys(resources).length > 0 ? resources : undefined,
    containerPort: Number(values.containerPort),
    publicConfig: tryParseObject(values.publicConfig) ?? {},
    pullSecret: values.pullSecret as PullSecretMode,
    pullSecretName: values.pullSecretName || undefined,
    pullSecretServiceAccounts: splitList(values.pullSecretServiceAccounts),
    rotateEveryDays: Number(values.rotateEveryDays),
    warnDays: Number(values.warnDays),
    rotation: Number(values.rotation),
    credentials: readCredentials(values.credentials, env),
    gitlab: readGitLabConnection(
      all,
      secrets,
      values.caCertificate === "" ? undefined : ensureCertificateFile(values.caCertificate),
    ),
    now: readClock(env),
    email: values.email || undefined,
    cluster: {
      kubeconfig: kubeconfig ? pulumi.secret(kubeconfig) : undefined,
      context: all["kubernetes:context"] || undefined,
    },
  };
}

/**
 * Where layers are kept: in a repository of their own, so that no list of images has them and cleaning up
 * either leaves the other. Where GitLab has no level left for it, under a tag beside the images.
 */
function computeCacheReference(repository: string, imageName: string): string {
  const levels = imageName === "" ? 0 : imageName.split("/").length;
  return levels < repositoryLevels ? `${repository}/cache:layers` : `${repository}:cache`;
}

function markSecrets(values: Record<string, string>): Record<string, pulumi.Output<string>> {
  const entries = Object.entries(values).map(([id, value]) => [id, pulumi.secret(value)]);
  return Object.fromEntries(entries) as Record<string, pulumi.Output<string>>;
}

/** The SDK knows which keys are secrets, but keeps it out of its types. */
function isSecret(key: string): boolean {
  const runtime = pulumi.runtime as unknown as { isConfigSecret(key: string): boolean };
  return runtime.isConfigSecret(key);
}
