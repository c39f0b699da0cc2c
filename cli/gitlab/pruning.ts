import type { TokenNaming } from "../../components/registry/tokenName";
import { UserError } from "../errors";
import type { CommandContext } from "../io";
import type { PendingCreate } from "../pulumi/pendingCreates";
import type { Pulumi } from "../pulumi/pulumiCli";
import { isDeployToken } from "../pulumi/resourceTypes";
import type { StackState } from "../pulumi/stackState";
import { GitLabClient } from "./client";
import type { ConfiguredStack } from "../pulumi/openStack";
import { readStackGitLab } from "./connection";
import { type DeployTokenInfo, listDeployTokens, revokeDeployToken } from "./deployTokens";
import { countTokens, findHighestId, sortStackTokens } from "./stackTokens";
import { readTokenRecord, type TokenRecord, writeTokenRecord } from "./tokenRecord";

/** What {@link recordTokens} is told of a stack. */
export interface TokenHistory {
  /** Pending operations that recovery found in the state, before Pulumi forgot them. */
  readonly pending: readonly PendingCreate[];
  /** The earlier record; undefined if the stack's tags can't be reached. */
  readonly earlier: { readonly record: TokenRecord | undefined } | undefined;
}

/**
 * Prepares {@link pruneTokens}: records the deploy tokens that exist before an update, and those that killed updates
 * were creating. Does nothing if GitLab or the stack's tags can't be reached: the update reports that itself, and
 * nothing is revoked afterwards.
 *
 * @returns the record that the stack has now; undefined if there is none
 */
export async function recordTokens(
  stack: ConfiguredStack,
  { earlier, pending }: TokenHistory,
  pulumi: Pulumi,
  io: CommandContext,
): Promise<TokenRecord | undefined> {
  if (earlier === undefined) return undefined;
  const { record } = earlier;
  const write = async (next: TokenRecord): Promise<TokenRecord> => {
    await writeTokenRecord(pulumi, stack.stack, next);
    return next;
  };
  try {
    const names = [
      ...(record?.pending ?? []),
      ...pending.flatMap(({ resource: { inputs, type } }) =>
        isDeployToken(type) && typeof inputs?.name === "string" ? [inputs.name] : [],
      ),
    ];
    if (names.length > 0) {
      // Without an earlier record it is unknown which tokens existed before the killed update.
      const isNew = record !== undefined && names.length > record.pending.length;
      return isNew ? await write({ ...record, pending: names }) : record;
    }
    const { connection, parent } = await readStackGitLab(stack, pulumi, io.env);
    const highestId = findHighestId(await listDeployTokens(new GitLabClient(connection), parent));
    return record?.highestId === highestId ? record : await write({ highestId, pending: [] });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return undefined;
  }
}

/** What was known of a stack's tokens before an update. */
export interface EarlierTokens {
  /** What {@link recordTokens} returned. */
  readonly record: TokenRecord | undefined;
  /** The state before the update. */
  readonly state: StackState;
}

/**
 * Revokes, after a successful update, the deploy tokens that killed updates of this state created and that the state
 * does not know. The update still succeeds if GitLab does not answer.
 *
 * Other tokens with the stack's names may be in use: by another stack with the same project and stack name, such as a
 * second site's or a colleague's own `dev`, or by a copy of this state. They are only listed; `slipway tokens
 * --prune` revokes them, after confirmation.
 *
 * @returns the tokens that were revoked
 */
export async function pruneTokens(
  stack: ConfiguredStack,
  before: EarlierTokens,
  pulumi: Pulumi,
  io: CommandContext,
): Promise<readonly DeployTokenInfo[]> {
  try {
    const { connection, ...owner } = await readStackGitLab(stack, pulumi, io.env);
    const client = new GitLabClient(connection);
    const tokens = await listDeployTokens(client, owner.parent);
    if (isUnchanged(tokens, owner.naming, before)) return [];
    const [state, record] = await Promise.all([
      pulumi.readState(stack.stack),
      readTokenRecord(pulumi, stack.stack).catch(() => undefined),
    ]);
    const found = sortStackTokens(tokens, owner.naming, state);
    if (found.hasPendingCreates) return [];
    const own = record === undefined ? [] : findOwn(found.unknown, record);
    for (const { id, name } of own) {
      await revokeDeployToken(client, owner.parent, id);
      io.print(`Revoked ${name} (${id}): a killed update of \`${stack.stack}\` had created it.`);
    }
    if (record && record.pending.length > 0) {
      const { highestId } = found;
      await writeTokenRecord(pulumi, stack.stack, { highestId, pending: [] });
    }
    printOthers(found.unknown.length - own.length, stack.stack, io);
    return own;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    io.print(
      `The update succeeded, but GitLab could not be asked whether a killed update has left deploy tokens:\n${error.message}\nTo look later: slipway tokens ${stack.stack}`,
    );
    return [];
  }
}

/**
 * Whether no token was created since the record, and the state before the update knew all that have the stack's names:
 * then none is unknown, and two calls of Pulumi are saved.
 */
function isUnchanged(
  tokens: readonly DeployTokenInfo[],
  naming: TokenNaming,
  { record, state }: EarlierTokens,
): boolean {
  if (record === undefined || record.pending.length > 0) return false;
  const { hasPendingCreates, unknown } = sortStackTokens(tokens, naming, state);
  return findHighestId(tokens) === record.highestId && unknown.length === 0 && !hasPendingCreates;
}

/**
 * Finds the tokens that this state's killed updates created: newer than every token before them, and with a name that
 * was pending in the state. If this does not explain all newer tokens, another state creates tokens with these names.
 * Then it is uncertain which tokens are whose, and the result is empty.
 */
function findOwn(
  unknown: readonly DeployTokenInfo[],
  { highestId, pending }: TokenRecord,
): readonly DeployTokenInfo[] {
  const newer = unknown.filter(({ id }) => id > highestId);
  const left = [...pending];
  for (const { name } of newer) {
    const index = left.indexOf(name);
    if (index === -1) return [];
    left.splice(index, 1);
  }
  return newer;
}

function printOthers(count: number, stack: string, io: CommandContext): void {
  if (count === 0) return;
  io.print(
    `${countTokens(count)} named like those of \`${stack}\` ${count === 1 ? "is" : "are"} not in its state. Another stack with the same project and stack name may use ${count === 1 ? "it" : "them"}. To look: slipway tokens ${stack}`,
  );
}
