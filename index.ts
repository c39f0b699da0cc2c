import * as k8s from "@pulumi/kubernetes";

import { GatsbySite } from "./components/gatsbySite";
import { RegistryAccess } from "./components/registryAccess";
import { SiteImage } from "./components/siteImage";
import { loadConfig } from "./config";

const config = loadConfig();

const access = new RegistryAccess("registry", { project: config.project, group: config.group });

const siteImage = new SiteImage("site-image", {
  repository: config.repository,
  directory: config.siteDirectory,
  dockerfile: config.dockerfile,
  buildArgs: config.buildArgs,
  builder: config.builder,
  digest: config.digest,
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
    image: siteImage.reference,
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
export const image = site.whenReady(siteImage.reference);
export const digest = site.whenReady(siteImage.digest);
export const tags = site.whenReady(siteImage.tags);
export const commit = site.whenReady(siteImage.commit);
export const version = site.whenReady(siteImage.version);
export const namespace = site.whenReady(site.namespace);
export const deployment = site.deployment;
export const pullTokenExpiresAt = site.whenReady(access.pullTokenExpiresAt);
export const pushTokenExpiresAt = site.whenReady(access.pushTokenExpiresAt);
