import { GitLabClient } from "../gitlab/client";
import { revokeDeployToken } from "../gitlab/deployTokens";
import type { CommandContext } from "../io";
import { readNow } from "../stackConfig";
import { readProjectName } from "../pulumi/project";
import { Pulumi } from "../pulumi/pulumiCli";
import { readStackGitLab } from "../gitlab/connection";
import { findStackTokens, renderTokens } from "../gitlab/stackTokens";

/** Options of `slipway tokens`. */
export interface TokensOptions {
  /** Folder of Pulumi.yaml. */
  readonly cwd: string;
  /** The stack; the selected one if left out. */
  readonly stack?: string;
  /** Whether to revoke the tokens that no state knows. */
  readonly prune: boolean;
  /** Whether that was agreed to beforehand. */
  readonly yes: boolean;
}

/**
 * `slipway tokens`: lists a stack's deploy tokens in GitLab, and revokes on demand those that no state knows.
 *
 * @returns how many orphans are left
 */
export async function tokens(options: TokensOptions, io: CommandContext): Promise<number> {
  const { cwd, prune, yes } = options;
  const pulumi = new Pulumi(io, cwd);
  const stack = options.stack ?? (await pulumi.findSelectedStack());
  const project = readProjectName(cwd);
  const values = await pulumi.readConfig(stack);
  const gitlab = await readStackGitLab({ cwd, project, stack, values }, pulumi, io.env);
  const client = new GitLabClient(gitlab.connection);
  const found = await findStackTokens(client, gitlab.parent, gitlab.naming, () =>
    pulumi.readState(stack),
  );
  const { orphaned } = found;
  io.print(renderTokens(found, readNow(io.env)));
  if (orphaned.length === 0) return 0;

  const those = orphaned.length === 1 ? "1 token" : `${orphaned.length} tokens`;
  if (found.isUnsettled) {
    io.print(
      `An update of \`${stack}\` runs, or was killed and not mended: ${those} may be its own. Run \`slipway up ${stack}\`, which revokes what is left.`,
    );
    return orphaned.length;
  }
  if (!prune) {
    io.print(`${those} no state knows. To revoke: slipway tokens ${stack} --prune`);
    return orphaned.length;
  }
  if (!yes && !(await io.confirm(`Revoke ${those} that no state knows?`))) return orphaned.length;
  for (const { id, name } of orphaned) {
    await revokeDeployToken(client, gitlab.parent, id);
    io.print(`Revoked ${name} (${id}).`);
  }
  return 0;
}
