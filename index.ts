import * as gitlab from "@pulumi/gitlab";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { GatsbySite } from "./components/gatsbySite";
import { readOwnOutputs } from "./components/ownOutputs";
import { resolvePullSecretNeed } from "./components/pullSecretLookup";
import { RegistryAccess } from "./components/registryAccess";
import { ReleaseTags } from "./components/releaseTags";
import { SiteImage } from "./components/siteImage";
import { computeTagNames } from "./components/tagNames";
import { loadConfig } from "./config";

/** The program. It waits for GitLab's answer to one question: whether pods need credentials at all. */
export = async () => {
  const config = loadConfig();

  const provider = new gitlab.Provider("gitlab", config.gitlab);
  const needsPull =
    config.credentials.pull !== undefined ||
    (await resolvePullSecretNeed(config.pullSecret, config.project, { provider }));

  const before = readOwnOutputs();
  const access = new RegistryAccess(
    "registry",
    {
      project: config.project,
      group: config.group,
      needsPull,
      existing: config.credentials,
      rotateEveryDays: config.rotateEveryDays,
      rotation: config.rotation,
      warnDays: config.warnDays,
      inUse: {
        push: before.then((outputs) => outputs.pushTokenExpiresAt as string | undefined),
        pull: before.then((outputs) => outputs.pullTokenExpiresAt as string | undefined),
      },
      now: config.now,
    },
    { providers: [provider] },
  );

  const siteImage = new SiteImage("site-image", {
    repository: config.repository,
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
    digest: config.digest,
    ...access.push,
  });

  const tagNames = computeTagNames({
    revision: siteImage.revision,
    stack: pulumi.getStack(),
    kinds: config.tags,
    isProduction: config.tier === "production",
  });
  for (const problem of tagNames.problems) void pulumi.log.warn(problem, siteImage);

  const release = new ReleaseTags("release", {
    repository: config.repository,
    digest: siteImage.digest,
    tags: tagNames.tags,
    replaceVersion: config.replaceVersion,
    ...access.push,
  });

  const cluster = new k8s.Provider("cluster", {
    ...config.cluster,
    // New credentials and settings change what the pods refer to by a fixed name, and leave no gap.
    enableSecretMutable: true,
    enableConfigMapMutable: true,
  });

  const site = new GatsbySite(
    "gatsby-site",
    {
      // Waits for the tags: they keep from clean-up what runs.
      image: release.reference,
      pullSecret: access.pull && {
        registry: config.registry,
        email: config.email,
        secretName: config.pullSecretName,
        serviceAccounts: config.pullSecretServiceAccounts,
        ...access.pull,
      },
      namespace: config.namespace,
      replicas: config.replicas,
      resources: config.resources,
      containerPort: config.containerPort,
      host: config.host,
      tlsSecret: config.tlsSecret,
      ingressClass: config.ingressClass,
    },
    { providers: [cluster] },
  );

  // Each waits for the Deployment, so that they always tell of the last release that runs.
  return {
    url: site.whenReady(site.url),
    image: site.whenReady(release.reference),
    digest: site.whenReady(siteImage.digest),
    tags: site.whenReady(release.tags),
    commit: site.whenReady(siteImage.commit),
    version: site.whenReady(siteImage.version),
    namespace: site.whenReady(site.namespace),
    deployment: site.deployment,
    pullTokenExpiresAt: site.whenReady(access.pullTokenExpiresAt),
    pushTokenExpiresAt: site.whenReady(access.pushTokenExpiresAt),
  };
};
