import * as pulumi from "@pulumi/pulumi";

import { RegistryClient } from "./registryClient";
import { createUpdateError } from "../errors";

/** A repository, and what it takes to read it. */
export interface RegistrySource {
  /** Repository with its registry, `host[:port]/path`. */
  readonly repository: string;

  /** User name. */
  readonly username: pulumi.Input<string>;

  /** Password. */
  readonly password: pulumi.Input<string>;
}

/**
 * Returns `value` only after the registry check passes, so that everything created from it waits for the
 * check. A preview checks nothing. The value does not depend on the credentials, which a preview may not
 * know yet.
 *
 * @param owner the resource that the problem is reported for
 * @param findProblem returns why the update must not go on with the value; undefined if it may
 */
export function checkInRegistry<T>(
  value: pulumi.Output<T>,
  source: RegistrySource,
  owner: pulumi.Resource,
  findProblem: (client: RegistryClient, value: T) => Promise<string | undefined>,
): pulumi.Output<T> {
  if (pulumi.runtime.isDryRun()) return value;
  return value.apply(async (known) => {
    const problem = await findProblem(await createRegistryClient(source), known);
    if (problem !== undefined) throw createUpdateError(problem, owner);
    return known;
  });
}

/**
 * Creates a client for a repository, once an update knows the credentials.
 *
 * It waits for the credentials outside of the outputs: a value that was looked up must not depend on the
 * token. In a preview it doesn't, and a plan made by that preview would not allow it.
 */
export async function createRegistryClient(source: RegistrySource): Promise<RegistryClient> {
  const login = pulumi.all([source.username, source.password]);
  const [username, password] = await new Promise<[string, string]>((resolve) => {
    login.apply(resolve);
  });
  return new RegistryClient(source.repository, { username, password });
}
