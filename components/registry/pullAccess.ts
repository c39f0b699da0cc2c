/** Whether the cluster gets credentials to pull images. */
export const pullSecretModes = ["auto", "always", "never", "nodes"] as const;

/**
 * `auto`: if GitLab requires them, as the project is configured now. `always`: in any case. `never`: no, and the
 * update fails if GitLab requires them. `nodes`: no, because the nodes have credentials of their own.
 *
 * @useDeclaredType
 */
export type PullSecretMode = (typeof pullSecretModes)[number];

/** The settings of a GitLab project that decide who may pull its images. */
export interface RegistryVisibility {
  /** Who sees the project: `private`, `internal` or `public`. */
  readonly visibilityLevel: string;

  /** Who may use its container registry: `disabled`, `private` (members) or `enabled` (all who see the project). */
  readonly containerRegistryAccessLevel: string;
}

/**
 * Whether images can be pulled only with credentials. Anyone may pull them if the project is public and its
 * registry is open to all who see the project. "internal" means all who are signed in; a cluster is not.
 *
 * @see https://docs.gitlab.com/user/packages/container_registry/#container-registry-visibility-permissions
 */
export function requiresPullSecret(project: RegistryVisibility): boolean {
  return !(
    project.visibilityLevel === "public" && project.containerRegistryAccessLevel === "enabled"
  );
}
