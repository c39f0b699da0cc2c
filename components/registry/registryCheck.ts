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
 *
 * @throws ResourceError if the update does not get to know the credentials, as with `--target`
 */
export async function createRegistryClient(source: RegistrySource): Promise<RegistryClient> {
  const login = pulumi.all([source.username, source.password]);
  const [username, password] = await new Promise<[string, string]>((resolve, reject) => {
    login.apply(resolve);
    const refuse = () => reject(createUpdateError(describeUnknownLogin(source), undefined));
    // If the credentials failed, the update has reported that already.
    readKnown(login).then(
      (isKnown) => isKnown || refuse(),
      () => undefined,
    );
  });
  return new RegistryClient(source.repository, { username, password });
}

/** `apply` never runs for an unknown value. The SDK has this property, but not in its types. */
function readKnown(output: pulumi.Output<unknown>): Promise<boolean> {
  return (output as unknown as { readonly isKnown: Promise<boolean> }).isKnown;
}

function describeUnknownLogin({ repository }: RegistrySource): string {
  return `\`${repository}\` can't be read, because this update does not create the deploy tokens for it: \`--target\` leaves them out. Run the update without \`--target\`, or add \`--target '**slipway:index:RegistryAccess$**'\`.`;
}
