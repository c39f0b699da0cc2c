import type * as pulumi from "@pulumi/pulumi";

/** User name and password for a container registry. */
export interface RegistryCredentials {
  /** User name. It never changes, so that a new token rebuilds nothing. */
  readonly username: pulumi.Output<string>;

  /** Password, a secret. */
  readonly password: pulumi.Output<string>;
}

/** Credentials that exist already, such as a group's deploy token that an administrator made. */
export interface ExistingCredentials {
  /** User name. For a personal, project or group access token GitLab takes any. */
  readonly username: string;

  /** Password. Treated as a secret even if passed as a plain string. */
  readonly password: pulumi.Input<string>;

  /**
   * When they end, as RFC 3339 time, to be warned in time.
   *
   * @default not known, and never warned of
   */
  readonly expiresAt?: string;
}

/** What the credentials of a registry are for. */
export const credentialRoles = ["push", "pull"] as const;

/** `push`: the build reads and writes. `pull`: the cluster only reads. */
export type CredentialRole = (typeof credentialRoles)[number];
