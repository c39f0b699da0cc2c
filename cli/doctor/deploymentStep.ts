import { readEngineEvents } from "../pulumi/engineEvents";
import { isDeployment } from "../pulumi/resourceTypes";
import type { SiteObjects } from "./siteObjects";

/** The site's Deployment, and when the update began to change it. */
export interface DeploymentStep extends SiteObjects {
  readonly since: Date;
}

/**
 * Finds the step of a running update that creates or changes the site's Deployment. From then on the update waits for
 * its pods.
 *
 * @param file the engine's event log; its last line may be incomplete
 * @returns undefined if the update has not come to it
 */
export function findDeploymentStep(file: string): DeploymentStep | undefined {
  for (const { resourcePreEvent, timestamp = 0 } of readEngineEvents(file, "resourcePreEvent")) {
    const { new: next, op = "same", type = "" } = resourcePreEvent?.metadata ?? {};
    const { name, namespace } = next?.inputs?.metadata ?? {};
    if (!isDeployment(type) || /^(same|read|delete|refresh)/.test(op)) continue;
    if (name === undefined || namespace === undefined) continue;
    return { deployment: name, namespace, since: new Date(timestamp * 1000) };
  }
  return undefined;
}
