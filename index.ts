import * as gitlab from "@pulumi/gitlab";

import {
  computeTagNames,
  createClusterProvider,
  findExistingRelease,
  findLastDeployment,
  GatsbySite,
  guardProgram,
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
  const finish = guardProgram();
  const config = loadConfig();
  const last = await readLastUpdate();
  const existing = await findExistingRelease(config.release, last.release);
  const provider = config.gitlab && new gitlab.Provider("gitlab", config.gitlab);
  const cluster = createClusterProvider("cluster", { ...config.cluster, last });
  const access = new RegistryAccess(
    "registry",
    {
      ...config.access,
      needsPull: await resolvePullSecretNeed(config.pullAccess, { provider }),
      inUse: last.tokensInUse,
    },
    { providers: provider && [provider] },
  );
  const registry = { repository: config.repository, ...access.push };
  const image = existing
    ? new ReleasedImage("released-image", { release: existing, last, ...registry })
    : new SiteImage("site-image", {
        ...config.image,
        contentVersion: readContentVersion(),
        lastContentVersion: last.contentVersion,
        ...registry,
      });

  const previous = new PreviousRelease("previous", {
    ...config.previous,
    digest: image.digest,
    last: last.release,
    ...registry,
  });

  const release = new ReleaseTags("release", {
    ...computeTagNames({ ...config.tags, revision: image.revision }),
    digest: image.digest,
    existing: existing?.tags,
    replaceVersion: config.replaceVersion,
    // Until `previous-<stack>` has it, `env-<stack>` alone keeps from clean-up what runs.
    after: previous.digest,
    ...registry,
  });

  const site = new GatsbySite(
    siteName,
    {
      ...config.site,
      // Waits for the tags: they keep from cleanup what runs, and what a rollback returns to.
      image: release.reference,
      annotations: { "slipway/commit": image.commit },
      previousImages: previous.keptReferences,
      ...findLastDeployment(siteName, last.resources),
      pullSecret: access.pull && { ...config.pullSecret, ...access.pull },
    },
    { providers: [cluster] },
  );

  // Each waits for the Deployment, so that the outputs are always those of a release that runs.
  return finish({
    url: site.whenReady(site.url),
    image: site.whenReady(release.reference),
    digest: site.whenReady(image.digest),
    tags: site.whenReady(release.tags),
    commit: site.whenReady(image.commit),
    version: site.whenReady(image.version),
    contentVersion: site.whenReady(image.contentVersion),
    tier: site.whenReady(config.tier),
    previousDigest: site.whenReady(previous.digest),
    previousCommit: site.whenReady(previous.commit),
    previousVersion: site.whenReady(previous.version),
    keptDigests: site.whenReady(previous.keptDigests),
    namespace: site.whenReady(site.namespace),
    deployment: site.deployment,
    pullTokenExpiresAt: site.whenReady(access.pullTokenExpiresAt),
    pushTokenExpiresAt: site.whenReady(access.pushTokenExpiresAt),
  });
}

export = createStack;
