import { GitLabClient } from "../gitlab/client";
import { revokeDeployToken } from "../gitlab/deployTokens";
import type { CommandContext } from "../io";
import { readNow } from "../stackConfig";
import { openStack, type StackOptions } from "../pulumi/openStack";
import { readStackGitLab } from "../gitlab/connection";
import { countTokens, findStackTokens, renderTokens } from "../gitlab/stackTokens";

/** Options of `slipway tokens`. */
export interface TokensOptions extends StackOptions {
  /** Whether to revoke the tokens that the stack's state does not know. */
  readonly prune: boolean;
  /** Whether to revoke them without asking. */
  readonly yes: boolean;
}

/**
 * `slipway tokens`: lists the deploy tokens in GitLab that are named like a stack's. With `prune` it revokes
 * the tokens that are not in the stack's state.
 *
 * @returns number of remaining tokens that are not in the state
 * @throws UserError if GitLab refuses or does not answer
 */
export async function tokens(options: TokensOptions, io: CommandContext): Promise<number> {
  const { prune, yes } = options;
  const opened = await openStack(options, io);
  const { pulumi, stack } = opened;
  const { connection, ...owner } = await readStackGitLab(opened, pulumi, io.env);
  const client = new GitLabClient(connection);
  const found = await findStackTokens(client, owner, () => pulumi.readState(stack));
  const { unknown } = found;
  io.print(renderTokens(found, readNow(io.env)));
  if (unknown.length === 0) return 0;

  const those = countTokens(unknown.length);
  const [are, them] = unknown.length === 1 ? ["is", "it"] : ["are", "them"];
  if (found.hasPendingCreates) {
    io.print(
      `An update of \`${stack}\` is running or was killed, and ${those} may be its own. Run \`slipway up ${stack}\`, which finishes it.`,
    );
    return unknown.length;
  }
  io.print(
    `${those} ${are} not in the state of \`${stack}\`: left by a killed update, or in use by another stack with the same project and stack name, or by a copy of this state.`,
  );
  if (!prune) {
    io.print(`If nothing uses ${them}, revoke ${them}: slipway tokens ${stack} --prune`);
    return unknown.length;
  }
  const question = `Revoke ${those}? If another stack uses ${them}, its pods can't pull any more.`;
  if (!yes && !(await io.confirm(question))) return unknown.length;
  for (const { id, name } of unknown) {
    await revokeDeployToken(client, owner.parent, id);
    io.print(`Revoked ${name} (${id}).`);
  }
  return 0;
}
