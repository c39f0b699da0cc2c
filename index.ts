import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { GatsbySite } from "./components/gatsbySite";
import { RegistryAccess } from "./components/registryAccess";
import { ReleaseTags } from "./components/releaseTags";
import { SiteImage } from "./components/siteImage";
import { computeTagNames } from "./components/tagNames";
import { loadConfig } from "./config";

const config = loadConfig();

const access = new RegistryAccess("registry", { project: config.project, group: config.group });

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
    pullSecret: {
      registry: config.registry,
      email: config.email,
      secretName: config.pullSecretName,
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
export const url = site.whenReady(site.url);
export const image = site.whenReady(release.reference);
export const digest = site.whenReady(siteImage.digest);
export const tags = site.whenReady(release.tags);
export const commit = site.whenReady(siteImage.commit);
export const version = site.whenReady(siteImage.version);
export const namespace = site.whenReady(site.namespace);
export const deployment = site.deployment;
export const pullTokenExpiresAt = site.whenReady(access.pullTokenExpiresAt);
export const pushTokenExpiresAt = site.whenReady(access.pushTokenExpiresAt);
