import { valid } from "semver";

import { RegistryError, RegistryClient } from "../../components/registry/registryClient";
import { UserError } from "../errors";
import { readVariable } from "../../config/environment";

/** Renders a version as its tag, with `v`; undefined if the text is not a version. */
export function parseVersion(text: string): string | undefined {
  return valid(text) === null ? undefined : `v${text.replace(/^v/, "")}`;
}

/**
 * Finds the digest that a version was released as.
 *
 * The registry accepts an access token as password, with any user name.
 *
 * @param env holds `GITLAB_TOKEN`, and names the proxies
 * @param caCertificate CA certificates to trust beside Node's own, as PEM
 * @see https://docs.gitlab.com/user/packages/container_registry/authenticate_with_container_registry/
 * @throws UserError if there is no such version, or the registry can't be read
 */
export async function findVersionDigest(
  repository: string,
  version: string,
  env: NodeJS.ProcessEnv,
  caCertificate?: string,
): Promise<string> {
  const password = readVariable(env, "GITLAB_TOKEN");
  if (!password) {
    throw new UserError(
      `\`GITLAB_TOKEN\` is not set, so ${version} can't be looked up. Set it to an access token with scope \`read_registry\` or \`api\`, or name the digest.\n  export GITLAB_TOKEN=<token>`,
    );
  }
  const login = { username: "slipway", password };
  const client = new RegistryClient(repository, login, { env, caCertificate });
  try {
    const digest = await client.findDigest(version);
    if (digest !== undefined) return digest;
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    throw new UserError(`${version} can't be looked up. ${error.message}`, { cause: error });
  }
  throw new UserError(
    `\`${repository}\` has no ${version}: it was never pushed there, or the cleanup policy deleted it.`,
  );
}
