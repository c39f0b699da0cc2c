/** Whether the cluster gets credentials to pull with. */
export const pullSecretModes = ["auto", "always", "never"] as const;

/** `auto`: where GitLab asks for some, as the project is set up now. */
export type PullSecretMode = (typeof pullSecretModes)[number];

/** What decides who may pull a project's images. */
export interface RegistryVisibility {
  /** Who sees the project: `private`, `internal` or `public`. */
  readonly visibilityLevel: string;

  /** Who may use its container registry: `disabled`, `private` (members) or `enabled` (who sees the project). */
  readonly containerRegistryAccessLevel: string;
}

/**
 * Whether images can be pulled only with credentials: anyone may where the project is public and its registry
 * open to all who see the project. "internal" means: who is signed in, which a cluster is not.
 *
 * @see https://docs.gitlab.com/user/packages/container_registry/#container-registry-visibility-permissions
 */
export function requiresPullSecret(project: RegistryVisibility): boolean {
  return !(
    project.visibilityLevel === "public" && project.containerRegistryAccessLevel === "enabled"
  );
}
