import * as pulumi from "@pulumi/pulumi";

import { RegistryReader } from "./registryReader";
import { createUpdateError } from "./updateError";

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
 * @param value no secret: what comes out is none
 * @param owner the resource that the problem is reported of
 * @param findProblem what speaks against the value; undefined when nothing does
 */
export function guardByRegistry<T>(
  value: pulumi.Output<T>,
  source: RegistrySource,
  owner: pulumi.Resource,
  findProblem: (reader: RegistryReader, value: T) => Promise<string | undefined>,
): pulumi.Output<T> {
  if (pulumi.runtime.isDryRun()) return value;
  const login = pulumi.all([source.username, source.password]);
  const guarded = login.apply(([username, password]) =>
    value.apply(async (known) => {
      const reader = new RegistryReader(source.repository, { username, password });
      const problem = await findProblem(reader, known);
      if (problem !== undefined) throw createUpdateError(problem, owner);
      return known;
    }),
  );
  // The password makes all that it touches a secret.
  return pulumi.unsecret(guarded);
}
