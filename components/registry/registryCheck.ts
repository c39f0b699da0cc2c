import * as pulumi from "@pulumi/pulumi";

import { RegistryClient } from "./registryClient";
import { createUpdateError } from "../errors";

/** A repository, and credentials that read it. */
export interface RegistrySource {
  /** Repository with its registry, `host[:port]/path`. */
  readonly repository: string;

  /** User name. */
  readonly username: pulumi.Input<string>;

  /** Password. */
  readonly password: pulumi.Input<string>;
}

/**
 * A value that an update goes on with only when the registry does not speak against it: what is made of it
 * waits for that. A preview asks no registry, and the value does not depend on the credentials there, which
 * may not be known yet.
 *
 * @param owner the resource that the problem is reported of
 * @param findProblem what speaks against the value; undefined when nothing does
 */
export function checkInRegistry<T>(
  value: pulumi.Output<T>,
  source: RegistrySource,
  owner: pulumi.Resource,
  findProblem: (reader: RegistryClient, value: T) => Promise<string | undefined>,
): pulumi.Output<T> {
  if (pulumi.runtime.isDryRun()) return value;
  return value.apply(async (known) => {
    const problem = await findProblem(await createRegistryClient(source), known);
    if (problem !== undefined) throw createUpdateError(problem, owner);
    return known;
  });
}

/**
 * Waits for the credentials in an update, and reads with them.
 *
 * Beside the outputs, not by them: what is made of a value that was looked up would depend on the token then,
 * which in a preview it does not, and a plan that was made by that preview would not allow it.
 */
export async function createRegistryClient(source: RegistrySource): Promise<RegistryClient> {
  const login = pulumi.all([source.username, source.password]);
  const [username, password] = await new Promise<[string, string]>((resolve) => {
    login.apply(resolve);
  });
  return new RegistryClient(source.repository, { username, password });
}
