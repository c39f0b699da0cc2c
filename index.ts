import * as gitlab from "@pulumi/gitlab";
import * as pulumi from "@pulumi/pulumi";

import {
  computeTagNames,
  createClusterProvider,
  exitWithEngine,
  findExistingRelease,
  findLastReplicas,
  GatsbySite,
  PreviousRelease,
  readContentVersion,
  readLastUpdate,
  RegistryAccess,
  ReleasedImage,
  ReleaseTags,
  resolvePullSecretNeed,
  SiteImage,
} from "./components/index";
import { loadConfig, siteName } from "./config/config";

/** The program. A function, so that an invalid configuration fails before any resource is created. */
async function createStack() {
  exitWithEngine();
  const config = loadConfig();
  const last = await readLastUpdate();
  const existing = await findExistingRelease(config.release, last.release);
  const provider = new gitlab.Provider("gitlab", config.gitlab);
  const access = new RegistryAccess(
    "registry",
    {
      ...config.access,
      needsPull: await resolvePullSecretNeed(config.pullAccess, { provider }),
      inUse: last.tokensInUse,
    },
    { providers: [provider] },
  );
  const registry = { repository: config.repository, ...access.push };

  const image = existing
    ? new ReleasedImage("released-image", { release: existing, ...registry })
    : new SiteImage("site-image", {
        ...config.image,
        contentVersion: readContentVersion(),
        lastContentVersion: last.contentVersion,
        ...registry,
      });
  // A stack that builds nothing for a while must not return to older content afterwards.
  const contentVersion =
    image instanceof SiteImage ? image.contentVersion : pulumi.output(last.contentVersion ?? "");

  const previous = new PreviousRelease("previous", {
    ...config.previous,
    digest: image.digest,
    last: last.release,
    ...registry,
  });

  const tagNames = computeTagNames({ ...config.tags, revision: image.revision });
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
    ...config.cluster,
    resources: last.resources,
  });

  const site = new GatsbySite(
    siteName,
    {
      ...config.site,
      // Waits for the tags: they keep from cleanup what runs, and what a rollback returns to.
      image: release.reference,
      annotations: { "slipway/commit": image.commit },
      lastReplicas: findLastReplicas(siteName, last.resources),
      pullSecret: access.pull && { ...config.pullSecret, ...access.pull },
    },
    { providers: [cluster] },
  );

  const tags = pulumi.all([existing?.tags ?? [], release.tags]).apply((lists) => lists.flat());
  // Each waits for the Deployment, so that the outputs are always those of a release that runs.
  return {
    url: site.whenReady(site.url),
    image: site.whenReady(release.reference),
    digest: site.whenReady(image.digest),
    tags: site.whenReady(tags.apply((all) => [...new Set(all)])),
    commit: site.whenReady(image.commit),
    version: site.whenReady(image.version),
    contentVersion: site.whenReady(contentVersion),
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
