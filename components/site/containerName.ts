import type { StackResource } from "../release/stackOutputs";
import { nameLimit } from "./uniqueName";

/** The container of a site as the last update left it. */
export interface LastContainer {
  /** Name of the container. */
  readonly name: string;

  /** Port on which the image listens. */
  readonly port: number;
}

/**
 * Chooses the container's name: the site's, and another one when the port changes.
 *
 * As long as a Deployment was only created, Pulumi's provider owns none of its fields. So the dry run of a preview keeps
 * the old port beside the new one, and within one container both would have the name `http`, which is refused.
 *
 * @param last undefined if there is none, or if it is unknown
 */
export function chooseContainerName(
  name: string,
  port: number,
  last: LastContainer | undefined,
): string {
  if (last === undefined) return name;
  if (last.port === port) return last.name;
  if (last.name !== name) return name;
  const suffix = `-${port}`;
  return `${name.slice(0, nameLimit - suffix.length)}${suffix}`;
}

interface Deployment {
  readonly spec?: {
    readonly template?: {
      readonly spec?: {
        readonly containers?: readonly {
          readonly name: string;
          readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
        }[];
      };
    };
  };
}

/**
 * Finds the container that the last update left.
 *
 * @param name name of the site's component
 * @param resources the stack's resources, see `readLastUpdate`
 */
export function findLastContainer(
  name: string,
  resources: readonly StackResource[],
): LastContainer | undefined {
  const deployment = resources.find(({ urn }) =>
    urn.endsWith(`kubernetes:apps/v1:Deployment::${name}`),
  );
  const { spec } = (deployment?.outputs ?? {}) as Deployment;
  const found = (spec?.template?.spec?.containers ?? []).flatMap(
    ({ name: container, ports = [] }) =>
      ports
        .filter((port) => port.name === "http")
        .map(({ containerPort: port }) => ({ name: container, port })),
  );
  return found[0];
}
