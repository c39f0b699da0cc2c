import * as pulumi from "@pulumi/pulumi";

/** User name and password for a container registry. */
export interface RegistryCredentials {
  /** User name. It never changes, so that a new token rebuilds nothing. */
  readonly username: pulumi.Output<string>;

  /** Password, a secret. */
  readonly password: pulumi.Output<string>;
}

/** Existing credentials, such as a group deploy token that an administrator created. */
export interface ExistingCredentials {
  /** User name. GitLab accepts any with a personal, project or group access token. */
  readonly username: string;

  /** Password. Treated as a secret even if passed as a plain string. */
  readonly password: pulumi.Input<string>;

  /**
   * Expiry, as RFC 3339 time, to log a warning before it.
   *
   * @default unknown: no warning
   */
  readonly expiresAt?: string;
}

/** What the credentials of a registry are for. */
export const credentialRoles = ["push", "pull"] as const;

/**
 * `push`: the build reads and writes. `pull`: the cluster only reads.
 *
 * @useDeclaredType
 */
export type CredentialRole = (typeof credentialRoles)[number];

/**
 * Marks a password as a secret, but in a preview that does not know it yet.
 *
 * Plugin docker-build 0.0.22 takes a secret that is unknown, as Pulumi's SDK sends it since 3.276, for an empty text. The
 * preview's plan would then have the empty text, and an update by that plan would be refused.
 */
export function markPassword(password: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.unsecret(pulumi.output(password)).apply((known) => pulumi.secret(known));
}
