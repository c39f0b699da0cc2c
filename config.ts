import type * as gitlab from "@pulumi/gitlab";
import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { ImageBuilder } from "./components/imageBuild";
import type { PullSecretMode } from "./components/pullSecretNeed";
import type { CredentialRole, ExistingCredentials } from "./components/registryCredentials";
import { ensureCertificateFile } from "./configCertificate";
import { readClock } from "./configClock";
import { readCredentials } from "./configCredentials";
import { readGitLabConnection } from "./configGitlab";
import { findConfigProblems, type StackValues } from "./configProblems";
import { tryParseObject } from "./configRules";
import { fillIn, type Values } from "./configSettings";

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
  /** Digest to deploy instead of building. */
  readonly digest?: string;
  /** Folder of the site. */
  readonly siteDirectory: string;
  /** Path of the Dockerfile, where it is not the site's own. */
  readonly dockerfile?: string;
  /** Build arguments. */
  readonly buildArgs: Record<string, string>;
  /** What builds the image. */
  readonly builder: ImageBuilder;
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
  const problems = findConfigProblems(pulumi.getProject(), { values, secrets }, env);
  if (problems.length > 0) {
    const count = problems.length === 1 ? "a problem" : `${problems.length} problems`;
    throw new pulumi.RunError(
      [`The configuration of stack \`${pulumi.getStack()}\` has ${count}:`, ...problems].join("\n"),
    );
  }
  const filled = fillIn(pulumi.getProject(), values);
  return Object.freeze(normalize(filled, { values, secrets }, env));
}

function normalize(
  values: Values,
  { values: all, secrets }: StackValues,
  env: NodeJS.ProcessEnv,
): SiteConfig {
  const { registry, project, imageName } = values;
  const resources = tryParseObject(values.resources) ?? {};
  const kubeconfig = all["kubernetes:kubeconfig"];
  return {
    project,
    group: values.group || undefined,
    registry,
    // GitLab's paths may have capitals, image names may not.
    repository: [registry, project, imageName].filter(Boolean).join("/").toLowerCase(),
    digest: values.digest || undefined,
    siteDirectory: values.siteDirectory,
    dockerfile: values.dockerfile || undefined,
    buildArgs: tryParseObject(values.buildArgs) as Record<string, string>,
    builder: values.builder as ImageBuilder,
    namespace: values.namespace || undefined,
    host: values.host || undefined,
    tlsSecret: values.tlsSecret || undefined,
    ingressClass: values.ingressClass || undefined,
    replicas: Number(values.replicas),
    resources: Object.keys(resources).length > 0 ? resources : undefined,
    containerPort: Number(values.containerPort),
    pullSecret: values.pullSecret as PullSecretMode,
    pullSecretName: values.pullSecretName || undefined,
    pullSecretServiceAccounts: JSON.parse(values.pullSecretServiceAccounts) as string[],
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

/** The SDK knows which keys are secrets, but keeps it out of its types. */
function isSecret(key: string): boolean {
  const runtime = pulumi.runtime as unknown as { isConfigSecret(key: string): boolean };
  return runtime.isConfigSecret(key);
}
