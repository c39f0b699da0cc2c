import * as gitlab from "@pulumi/gitlab";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { GatsbySite, PullSecret, RegistryAccess, SiteImage } from "slipway";

const config = new pulumi.Config();
const registry = config.require("registry");
const project = config.require("project");

const provider = new gitlab.Provider("gitlab", {
  baseUrl: new pulumi.Config("gitlab").require("baseUrl"),
});
const access = new RegistryAccess("registry", { project }, { providers: [provider] });
const pullSecret = access.pull && { registry, ...access.pull };

const image = new SiteImage("site-image", {
  repository: `${registry}/${project}`,
  directory: "../../site",
  ...access.push,
});

// Without `enableSecretMutable` the provider replaces the pull secrets when a token is rotated.
const cluster = new k8s.Provider("cluster", { enableSecretMutable: true });
const site = new GatsbySite(
  "portal",
  { image: image.reference, pullSecret, host: config.require("host"), replicas: 1 },
  { providers: [cluster] },
);

// The program's own: an API in the site's namespace, whose image is in the same project.
const secret =
  pullSecret &&
  new PullSecret(
    "api-pull",
    { ...pullSecret, secretName: "api-pull", namespace: site.namespace },
    { providers: [cluster] },
  );
const labels = { app: "api" };
new k8s.apps.v1.Deployment(
  "api",
  {
    metadata: { name: "api", namespace: site.namespace, labels },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          imagePullSecrets: secret && [{ name: secret.secretName }],
          containers: [
            {
              name: "api",
              image: `${registry}/${project}/api:${config.require("apiTag")}`,
              ports: [{ name: "http", containerPort: 8080 }],
            },
          ],
        },
      },
    },
  },
  { provider: cluster },
);

export const url = site.url;
export const digest = image.digest;
