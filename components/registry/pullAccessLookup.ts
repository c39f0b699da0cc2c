import * as gitlab from "@pulumi/gitlab";
import * as pulumi from "@pulumi/pulumi";

import type { CredentialRole, ExistingCredentials } from "./credentials";
import { findGitLabRemedy } from "./gitlabRemedies";
import { type PullSecretMode, type RegistryVisibility, requiresPullSecret } from "./pullAccess";

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
 * Decides whether the cluster gets credentials to pull images. For "auto" and "never" it asks GitLab, in previews too.
 *
 * @throws pulumi.RunError if "auto" gets no answer from GitLab or the project has no container registry, or if
 *   the mode is "never" and the project's images can't be pulled without credentials
 */
export async function resolvePullSecretNeed(
  { existing, mode, project }: PullAccessArgs,
  options: pulumi.InvokeOptions = {},
): Promise<boolean> {
  if (existing?.pull !== undefined) return true;
  switch (mode) {
    case "always":
      return true;
    case "nodes":
      return false;
    case "never":
      await checkPublicAccess(project, options);
      return false;
    case "auto":
      return requiresPullSecret(await findProject(project, options));
    default:
      return mode satisfies never;
  }
}

/** Fails if nodes need credentials. One that has the image already would hide that until another node pulls it. */
async function checkPublicAccess(project: string, options: pulumi.InvokeOptions): Promise<void> {
  let found: RegistryVisibility;
  try {
    found = await findProject(project, options);
  } catch (error) {
    if (!pulumi.RunError.isInstance(error)) throw error;
    await pulumi.log.warn(
      `\`pullSecret\` is "never", but it is unknown whether the images of \`${project}\` can be pulled without credentials. If not, no pod starts on a node that does not have the image. ${error.message}`,
    );
    return;
  }
  if (!requiresPullSecret(found)) return;
  const { containerRegistryAccessLevel, visibilityLevel } = found;
  throw new pulumi.RunError(
    [
      `\`pullSecret\` is "never", but the images of \`${project}\` can't be pulled without credentials: its visibility is "${visibilityLevel}", that of its registry "${containerRegistryAccessLevel}".`,
      "No pod would start on a node that does not have the image. Use a pull secret, or say that the nodes have credentials:",
      "    pulumi config set pullSecret auto",
      "    pulumi config set pullSecret nodes",
    ].join("\n"),
  );
}

async function findProject(
  project: string,
  options: pulumi.InvokeOptions,
): Promise<RegistryVisibility> {
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
  return found;
}

/** Returns what went wrong, without the engine's introduction. */
function describeCause(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return text.replace(/^invocation of \S+ returned an error: /, "").trim();
}
