import type { Pulumi } from "../pulumi/pulumiCli";

/** Tag of a stack that the record is kept in. Pulumi's backends keep tags beside the state. */
const tagName = "slipway:deployTokens";

/** Most characters of a tag's value in Pulumi Cloud. */
const longestValue = 256;

/**
 * What a stack remembers about deploy tokens for the case that an update is killed.
 *
 * GitLab does not say when a deploy token was created, or by whom. But it numbers tokens in order: what has a
 * higher id than every token before an update was created since.
 */
export interface TokenRecord {
  /** Highest id of all the project's or group's deploy tokens before the update began. */
  readonly highestId: number;
  /** Names of the tokens that killed updates were creating since; a name can be there more than once. */
  readonly pending: readonly string[];
}

/**
 * Reads the record of a stack.
 *
 * @returns undefined if there is none, as before the first `slipway up`
 */
export async function readTokenRecord(
  pulumi: Pick<Pulumi, "readTag">,
  stack: string,
): Promise<TokenRecord | undefined> {
  const [id = "", ...pending] = ((await pulumi.readTag(stack, tagName)) ?? "").split(" ");
  return /^\d+$/.test(id) ? { highestId: Number(id), pending } : undefined;
}

/** Writes the record of a stack. Without room for all names it has none: then nothing is revoked by itself. */
export async function writeTokenRecord(
  pulumi: Pick<Pulumi, "writeTag">,
  stack: string,
  { highestId, pending }: TokenRecord,
): Promise<void> {
  const value = [String(highestId), ...pending].join(" ");
  await pulumi.writeTag(stack, tagName, value.length > longestValue ? String(highestId) : value);
}
