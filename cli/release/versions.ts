import { valid } from "semver";

import { RegistryError, RegistryClient } from "../../components/registry/registryClient";
import { UserError } from "../errors";

/** The tag of a version, with or without its `v`; undefined for what is no version. */
export function parseVersion(text: string): string | undefined {
  return valid(text) === null ? undefined : `v${text.replace(/^v/, "")}`;
}

/**
 * The digest that a version was released as.
 *
 * The registry takes an access token for a password, whatever the user name.
 *
 * @see https://docs.gitlab.com/user/packages/container_registry/authenticate_with_container_registry/
 * @throws UserError when there is no such version, or that can't be found out
 */
export async function findVersionDigest(
  repository: string,
  version: string,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const { GITLAB_TOKEN: password } = env;
  if (!password) {
    throw new UserError(
      `\`GITLAB_TOKEN\` is not set, so what ${version} is can't be looked up. Set it, or name the digest.`,
    );
  }
  const reader = new RegistryClient(repository, { username: "slipway", password });
  try {
    const digest = await reader.findDigest(version);
    if (digest !== undefined) return digest;
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    throw new UserError(`What ${version} is can't be found out. ${error.message}`, {
      cause: error,
    });
  }
  throw new UserError(
    `\`${repository}\` has no ${version}: it was not released from here, or was cleaned up.`,
  );
}
