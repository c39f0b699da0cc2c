import { UserError } from "../errors";
import { type DeployTokenInfo, GitLabApi } from "./client";
import type { CommandContext } from "../io";
import type { Pulumi } from "../pulumi/pulumiCli";
import { type ConfiguredStack, readStackGitLab } from "./connection";
import { findStackTokens } from "./stackTokens";

/**
 * Revokes the deploy tokens of a stack that no state knows, after an update that succeeded. That update is
 * not undone by GitLab's being away just now.
 *
 * @returns the tokens that were revoked
 */
export async function pruneTokens(
  stack: ConfiguredStack,
  pulumi: Pulumi,
  io: CommandContext,
): Promise<readonly DeployTokenInfo[]> {
  try {
    const { connection, holder, owner } = await readStackGitLab(stack, pulumi, io.env);
    const api = new GitLabApi(connection);
    const found = await findStackTokens(api, holder, owner, () => pulumi.readState(stack.stack));
    if (found.isUnsettled) return [];
    for (const { id, name } of found.orphaned) {
      await api.revokeDeployToken(holder, id);
      io.print(`Revoked ${name} (${id}), which an update that was killed had made.`);
    }
    return found.orphaned;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    io.print(
      `The update succeeded. Whether it left tokens that no state knows is not known:\n${error.message}\nLater: slipway tokens ${stack.stack} --prune`,
    );
    return [];
  }
}
