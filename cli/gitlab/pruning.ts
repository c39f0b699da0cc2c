import { UserError } from "../errors";
import type { CommandContext } from "../io";
import type { PendingCreate } from "../pulumi/pendingCreates";
import type { Pulumi } from "../pulumi/pulumiCli";
import { isDeployToken } from "../pulumi/resourceTypes";
import { GitLabClient } from "./client";
import type { ConfiguredStack } from "../pulumi/openStack";
import { readStackGitLab } from "./connection";
import { type DeployTokenInfo, listDeployTokens, revokeDeployToken } from "./deployTokens";
import { countTokens, findHighestId, findStackTokens } from "./stackTokens";
import { readTokenRecord, type TokenRecord, writeTokenRecord } from "./tokenRecord";

/**
 * Prepares {@link pruneTokens}: records the deploy tokens that exist before an update, and those that killed updates
 * were creating. Does nothing if GitLab or the stack's tags can't be reached: the update reports that itself, and
 * nothing is revoked afterwards.
 *
 * @param pending pending operations that recovery found in the state, before Pulumi forgot them
 */
export async function recordTokens(
  stack: ConfiguredStack,
  pending: readonly PendingCreate[],
  pulumi: Pulumi,
  io: CommandContext,
): Promise<void> {
  try {
    const record = await readTokenRecord(pulumi, stack.stack);
    const names = [
      ...(record?.pending ?? []),
      ...pending.flatMap(({ resource: { inputs, type } }) =>
        isDeployToken(type) && typeof inputs?.name === "string" ? [inputs.name] : [],
      ),
    ];
    if (names.length > 0) {
      // Without an earlier record it is unknown which tokens existed before the killed update.
      if (record && names.length > record.pending.length) {
        await writeTokenRecord(pulumi, stack.stack, { ...record, pending: names });
      }
      return;
    }
    const { connection, parent } = await readStackGitLab(stack, pulumi, io.env);
    const highestId = findHighestId(await listDeployTokens(new GitLabClient(connection), parent));
    if (record?.highestId === highestId) return;
    await writeTokenRecord(pulumi, stack.stack, { highestId, pending: [] });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
  }
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
  pulumi: Pulumi,
  io: CommandContext,
): Promise<readonly DeployTokenInfo[]> {
  try {
    const { connection, ...owner } = await readStackGitLab(stack, pulumi, io.env);
    const client = new GitLabClient(connection);
    const [found, record] = await Promise.all([
      findStackTokens(client, owner, () => pulumi.readState(stack.stack)),
      readTokenRecord(pulumi, stack.stack).catch(() => undefined),
    ]);
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
