import type { StackResource } from "../release/stackOutputs";
import { findLastContainer, type LastContainer } from "./containerName";
import { findLastReplicas, type LastReplicas } from "./replicas";

/** What the last update left of a site's Deployment; undefined where it is unknown. */
export interface LastDeployment {
  /** Who set the number of pods, and to what. */
  readonly lastReplicas: LastReplicas | undefined;

  /** The site's container. */
  readonly lastContainer: LastContainer | undefined;
}

/**
 * Finds what the last update left of a site's Deployment, for the arguments of the same names.
 *
 * @param name name of the site's component
 * @param resources the stack's resources, see `readLastUpdate`
 */
export function findLastDeployment(
  name: string,
  resources: readonly StackResource[],
): LastDeployment {
  return {
    lastReplicas: findLastReplicas(name, resources),
    lastContainer: findLastContainer(name, resources),
  };
}
