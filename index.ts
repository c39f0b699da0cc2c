import * as gitlab from "@pulumi/gitlab";
import * as pulumi from "@pulumi/pulumi";

import {
  computeTagNames,
  createClusterProvider,
  findExistingRelease,
  findLastReplicas,
  GatsbySite,
  PreviousRelease,
  readLastUpdate,
  RegistryAccess,
  ReleasedImage,
  ReleaseTags,
  resolvePullSecretNeed,
  SiteImage,
} from "./components/index";
import { loadConfig } from "./config/config";

/** Name of the site's component. */
const siteName = "gatsby-site";

/** The program. It is a function so that what is refused is refused before anything is made. */
async function createStack() {
  const stack = pulumi.getStack();
  const config = loadConfig();
  const last = await readLastUpdate();
  const given = await findExistingRelease({ ...config, stack }, last.release);

  const provider = new gitlab.Provider("gitlab", config.gitlab);
  const access = new RegistryAccess(
    "registry",
    {
      project: config.project,
      group: config.group,
      needsPull:
        config.credentials.pull !== undefined ||
        (await resolvePullSecretNeed(config.pullSecret, config.project, { provider })),
      existing: config.credentials,
      rotateEveryDays: config.rotateEveryDays,
      rotation: config.rotation,
      warnDays: config.warnDays,
      inUse: last.tokensInUse,
      now: config.now,
    },
    { providers: [provider] },
  );
  const registry = { repository: config.repository, ...access.push };

  const image =
    given === undefined
      ? new SiteImage("site-image", {
          directory: config.siteDirectory,
          outputDirectory: config.outputDirectory,
          dockerfile: config.dockerfile,
          buildArgs: config.buildArgs,
          buildSecrets: config.buildSecrets,
          target: config.target,
          platforms: config.platforms,
          builder: config.builder,
          cache: config.cache,
          sizeBudgetMiB: config.sizeBudgetMiB,
          ...registry,
        })
      : new ReleasedImage("released-image", { release: given, ...registry });

  const previous = new PreviousRelease("previous", {
    stack,
    digest: image.digest,
    last: last.release,
    isTagged: config.tags.includes("environment"),
    ...registry,
  });

  const tagNames = computeTagNames({
    revision: image.revision,
    stack,
    kinds: config.tags,
    isProduction: config.tier === "production",
  });
  for (const problem of tagNames.problems) void pulumi.log.warn(problem, image);

  const release = new ReleaseTags("release", {
    digest: image.digest,
    tags: tagNames.tags,
    replaceVersion: config.replaceVersion,
    // Until `previous-<stack>` has it, `env-<stack>` alone keeps from clean-up what runs.
    after: previous.digest,
    ...registry,
  });

  const cluster = createClusterProvider("cluster", {
    kubeconfig: config.cluster.kubeconfig,
    context: config.cluster.context,
    resources: last.resources,
  });

  const site = new GatsbySite(
    siteName,
    {
      // Waits for the tags: they keep from clean-up what runs, and what a roll-back returns to.
      image: release.reference,
      annotations: { "slipway/commit": image.commit },
      environment: {
        publicConfig: config.publicConfig,
        isIndexed: config.tier === "production",
      },
      pullSecret: access.pull && {
        registry: config.registry,
        email: config.email,
        secretName: config.pullSecretName,
        serviceAccounts: config.pullSecretServiceAccounts,
        cluster: { kubeconfig: config.cluster.kubeconfig, context: config.cluster.context },
        ...access.pull,
      },
      namespace: config.namespace,
      replicas: config.replicas,
      lastReplicas: findLastReplicas(siteName, last.resources),
      resources: config.resources,
      containerPort: config.containerPort,
      host: config.host,
      tlsSecret: config.tlsSecret,
      ingressClass: config.ingressClass,
    },
    { providers: [cluster] },
  );

  const tags = pulumi.all([given?.tags ?? [], release.tags]).apply((lists) => lists.flat());
  // Each waits for the Deployment, so that they always tell of the last release that runs.
  return {
    url: site.whenReady(site.url),
    image: site.whenReady(release.reference),
    digest: site.whenReady(image.digest),
    tags: site.whenReady(tags.apply((all) => [...new Set(all)])),
    commit: site.whenReady(image.commit),
    version: site.whenReady(image.version),
    tier: site.whenReady(config.tier),
    previousDigest: site.whenReady(previous.digest),
    previousCommit: site.whenReady(previous.commit),
    previousVersion: site.whenReady(previous.version),
    namespace: site.whenReady(site.namespace),
    deployment: site.deployment,
    pullTokenExpiresAt: site.whenReady(access.pullTokenExpiresAt),
    pushTokenExpiresAt: site.whenReady(access.pushTokenExpiresAt),
  };
}

export = createStack;
