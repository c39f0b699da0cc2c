import * as pulumi from "@pulumi/pulumi";

import { formatProblems } from "../components/problem";
import { computeFullName } from "../components/release/stackOutputs";
import { resolveCredentials } from "./credentials";
import { buildGitLabArgs } from "./gitlabProvider";
import { repositoryLevels } from "./keys/registry";
import { asksGitLab, computeRepository } from "./parse";
import { type CheckedConfig, checkConfig } from "./problems";
import { isConfigSecret } from "./pulumiSecrets";

export { siteName } from "./keys/site";

/**
 * Reads and checks the stack's configuration. Its groups are what one component or function takes each.
 *
 * @throws pulumi.RunError with every problem and its remedy
 */
export function loadConfig(env: NodeJS.ProcessEnv = process.env) {
  const values = pulumi.runtime.allConfig();
  const secrets = Object.keys(values).filter(isConfigSecret);
  const [project, stack] = [pulumi.getProject(), pulumi.getStack()];
  const checked = checkConfig({ project, name: computeFullName(stack), values, secrets }, env);
  if ("problems" in checked) {
    const { length } = checked.problems;
    const count = length === 1 ? "a problem" : `${length} problems`;
    throw new pulumi.RunError(
      `The configuration of stack \`${stack}\` has ${count}:\n${formatProblems(checked.problems)}`,
    );
  }
  return Object.freeze(groupByTaker(checked, { stack, secrets, env }));
}

interface Surroundings {
  /** Name of the stack, without organization and project. */
  readonly stack: string;

  /** Keys that are stored as secrets. */
  readonly secrets: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

function groupByTaker(checked: CheckedConfig, { env, secrets, stack }: Surroundings) {
  const { access, image, kubernetes, registry, release, site } = checked.config;
  const repository = computeRepository(registry);
  const isProduction = release.tier === "production";
  const existing = resolveCredentials(access.credentials, env);
  const { buildSecrets, cache, siteDirectory, sizeBudgetMiB, ...build } = image;
  const {
    basicAuth,
    clusterIdentifier,
    contentPolicy,
    headers,
    hstsMaxAge,
    publicConfig,
    ...deployment
  } = site;
  const kubectl = {
    kubeconfig:
      kubernetes.kubeconfig === undefined ? undefined : pulumi.secret(kubernetes.kubeconfig),
    context: kubernetes.context,
  };
  return {
    /** What the stack is for. */
    tier: release.tier,

    /** The GitLab provider; undefined without a use for it, since Pulumi refuses one whose token is not valid. */
    gitlab: asksGitLab(checked.config) ? buildGitLabArgs(checked, secrets) : undefined,

    /** `createClusterProvider`. */
    cluster: { ...kubectl, identifier: clusterIdentifier },

    /** `resolvePullSecretNeed`. */
    pullAccess: { project: registry.project, mode: access.pullSecret, existing },

    /** `RegistryAccess`. */
    access: {
      project: registry.project,
      group: registry.group,
      existing,
      rotateEveryDays: access.rotateEveryDays,
      rotation: access.rotation,
      warnDays: access.warnDays,
      now: checked.now,
    },

    /** Image repository of everything that reads or writes the registry. */
    repository,

    /** `findExistingRelease`. */
    release: {
      stack,
      repository,
      digest: release.digest,
      promoteFrom: release.promoteFrom,
      skipStaging: release.skipStaging,
      allowDirty: release.allowDirty,
      tier: release.tier,
    },

    /** `SiteImage`. */
    image: {
      ...build,
      allowDirty: !isProduction || release.allowDirty,
      directory: siteDirectory,
      buildSecrets: markSecrets(buildSecrets),
      cache: cache ? computeCacheReference(repository, registry.imageName) : undefined,
      sizeBudgetMiB: sizeBudgetMiB === 0 ? undefined : sizeBudgetMiB,
      // A stage that is named need not be the last one.
      pathPrefix: site.pathPrefix,
      isServerChecked: site.webServer === "slipway" && image.target === undefined,
    },

    /** `PreviousRelease`. */
    previous: {
      stack,
      isTagged: release.tags.includes("environment"),
      keepReleases: site.keepReleases,
    },

    /** `computeTagNames`. */
    tags: { stack, kinds: release.tags, isProduction },

    /** Version and digest that the version's tag may be moved from. */
    replaceVersion: release.replaceVersion,

    /** `PullSecret`. */
    pullSecret: {
      registry: registry.registry,
      email: access.email,
      secretName: access.pullSecretName,
      serviceAccounts: access.pullSecretServiceAccounts,
      cluster: kubectl,
    },

    /** `GatsbySite`. */
    site: {
      ...deployment,
      environment: {
        basicAuth: markSecrets(basicAuth),
        publicConfig,
        isIndexed: isProduction,
        contentPolicy,
        headers,
        hstsMaxAge,
      },
    },
  };
}

/**
 * Where the layers are kept: in a repository of their own, so that no list of images shows them and a cleanup
 * of one leaves the other alone. If GitLab allows no further level, under a tag beside the images.
 */
function computeCacheReference(repository: string, imageName: string | undefined): string {
  const levels = imageName === undefined ? 0 : imageName.split("/").length;
  return levels < repositoryLevels ? `${repository}/cache:layers` : `${repository}:cache`;
}

function markSecrets(values: Readonly<Record<string, string>>) {
  const entries = Object.entries(values).map(([id, value]) => [id, pulumi.secret(value)] as const);
  return Object.fromEntries(entries);
}
