import { GatsbySite } from "../../components/site/gatsbySite";
import type { GatsbySiteArgs } from "../../components/site/gatsbySiteArgs";
import type { FakeEngine } from "./engine";

/** Image of the sites in these tests. */
export const siteImage = `gitlab.example.com:5050/web/gatsby-site@sha256:${"d".repeat(64)}`;

/** Credentials with characters that a wrong encoding would break. */
export const pullSecret = {
  registry: "gitlab.example.com:5050",
  username: "reader",
  password: "gldt-1/+ü",
};

export const deploymentType = "kubernetes:apps/v1:Deployment";
export const serviceType = "kubernetes:core/v1:Service";

/** Creates a site, and waits until all its resources are registered. */
export async function createSite(
  engine: FakeEngine,
  args: Partial<GatsbySiteArgs> = {},
  name = "gatsby-site",
): Promise<GatsbySite> {
  const site = new GatsbySite(name, { image: siteImage, ...args });
  await engine.settle();
  return site;
}

interface Pod {
  securityContext: Record<string, unknown>;
  containers: Record<string, unknown>[];
  volumes: Record<string, unknown>[];
}

/** Returns the parts of a registered Deployment. */
export function deploymentOf(engine: FakeEngine, name = "gatsby-site") {
  const { inputs, request } = engine.find(name, deploymentType);
  const spec = inputs.spec as { template: { spec: Pod } } & Record<string, unknown>;
  const ignoreChanges = request.getIgnorechangesList();
  return { metadata: inputs.metadata, spec, pod: spec.template.spec, ignoreChanges };
}
