import { UserError } from "../errors";
import type { Pulumi } from "../pulumi/pulumiCli";

/** Stack tag that contains the record. Pulumi's backends store tags separately from the state. */
const tagName = "slipway:deployTokens";

/** Largest number of characters of a tag's value in Pulumi Cloud. */
const longestValue = 256;

/**
 * A stack's record of deploy tokens, for the case that an update is killed.
 *
 * GitLab does not say when a deploy token was created, or by which user. But it numbers tokens in order, so a token
 * with a higher id than every token before an update was created since.
 */
export interface TokenRecord {
  /** Highest id of all the project's or group's deploy tokens before the update began. */
  readonly highestId: number;
  /** Names of the tokens that killed updates have been creating since; a name can occur more than once. */
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

/**
 * Reads the record of a stack, if its tags can be reached.
 *
 * @returns undefined if they can't
 */
export async function tryReadTokenRecord(
  pulumi: Pick<Pulumi, "readTag">,
  stack: string,
): Promise<{ readonly record: TokenRecord | undefined } | undefined> {
  try {
    return { record: await readTokenRecord(pulumi, stack) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return undefined;
  }
}

/** Writes the record of a stack. If the names don't fit, removes it: nothing is then revoked automatically. */
export async function writeTokenRecord(
  pulumi: Pick<Pulumi, "writeTag">,
  stack: string,
  { highestId, pending }: TokenRecord,
): Promise<void> {
  const value = [String(highestId), ...pending].join(" ");
  await pulumi.writeTag(stack, tagName, value.length > longestValue ? String(highestId) : value);
}
