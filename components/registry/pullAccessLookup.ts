import * as gitlab from "@pulumi/gitlab";
import * as pulumi from "@pulumi/pulumi";

import type { CredentialRole, ExistingCredentials } from "./credentials";
import { findGitLabRemedy } from "./gitlabRemedies";
import { type PullSecretMode, requiresPullSecret } from "./pullAccess";

/** What decides whether the cluster needs credentials to pull images. */
export interface PullAccessArgs {
  /** Path of the GitLab project, e.g. `web/gatsby-site`. */
  readonly project: string;

  /** Whether the cluster gets credentials. */
  readonly mode: PullSecretMode;

  /**
   * Credentials that exist already: those to pull with are always used.
   *
   * @default none
   */
  readonly existing?: Readonly<Partial<Record<CredentialRole, ExistingCredentials>>>;
}

/**
 * Whether the cluster gets credentials to pull images. Only "auto" asks GitLab, in previews too.
 *
 * @throws pulumi.RunError if the project has no container registry, or GitLab doesn't answer
 */
export async function resolvePullSecretNeed(
  { existing, mode, project }: PullAccessArgs,
  options: pulumi.InvokeOptions = {},
): Promise<boolean> {
  if (existing?.pull !== undefined) return true;
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
