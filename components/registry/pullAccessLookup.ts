import * as gitlab from "@pulumi/gitlab";
import * as pulumi from "@pulumi/pulumi";

import { findGitLabRemedy } from "./gitlabRemedies";
import { type PullSecretMode, requiresPullSecret } from "./pullAccess";

/**
 * Whether the cluster gets credentials to pull with. Only "auto" asks GitLab, in previews too.
 *
 * @throws pulumi.RunError if the project has no container registry, or GitLab doesn't tell
 */
export async function resolvePullSecretNeed(
  mode: PullSecretMode,
  project: string,
  options: pulumi.InvokeOptions = {},
): Promise<boolean> {
  if (mode !== "auto") return mode === "always";
  const found = await gitlab
    .getProject({ pathWithNamespace: project }, options)
    .catch((cause: unknown) => {
      const text = describeCause(cause);
      const remedy = findGitLabRemedy(text) ?? "Check `project`, `gitlab:baseUrl` and the token.";
      throw new pulumi.RunError(
        `GitLab did not tell who may pull the images of \`${project}\`: ${text}\n${remedy}`,
      );
    });
  if (found.containerRegistryAccessLevel === "disabled") {
    throw new pulumi.RunError(
      `The container registry of \`${project}\` is off. Switch it on in GitLab: Settings > General > Visibility, project features, permissions > Container registry.`,
    );
  }
  return requiresPullSecret(found);
}

/** What went wrong, without what the engine says before it: only a maintainer could use that. */
function describeCause(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return text.replace(/^invocation of \S+ returned an error: /, "").trim();
}
