import * as pulumi from "@pulumi/pulumi";

import * as utilities from "./utilities";

/** Which project to look up: one of the two. */
export interface GetProjectArgs {
  /** Number of the project. */
  id?: string;
  /** Path of the project with those of its groups. */
  pathWithNamespace?: string;
}

/** What GitLab says of a project. The published package has more; here is what the program reads. */
export interface GetProjectResult {
  /** Who may use the container registry: `disabled`, `private` (members) or `enabled` (who sees the project). */
  readonly containerRegistryAccessLevel: string;
  /** Number of the project. */
  readonly id: string;
  /** Path of the project with those of its groups. */
  readonly pathWithNamespace: string;
  /** Who sees the project: `private`, `internal` or `public`. */
  readonly visibilityLevel: string;
}

/** Looks up a project. */
export function getProject(
  args: GetProjectArgs,
  opts: pulumi.InvokeOptions = {},
): Promise<GetProjectResult> {
  const options = pulumi.mergeOptions(utilities.resourceOptsDefaults(), opts);
  const { id, pathWithNamespace } = args;
  return pulumi.runtime.invoke(
    "gitlab:index/getProject:getProject",
    { id, pathWithNamespace },
    options,
  );
}
