import { isTokenName, type TokenNaming } from "../../components/registry/tokenName";
import { UserError } from "../errors";
import type { CommandContext } from "../io";
import type { PendingCreate } from "../pulumi/pendingCreates";
import type { Pulumi } from "../pulumi/pulumiCli";
import { GitLabClient } from "./client";
import { type ConfiguredStack, readStackGitLab } from "./connection";
import {
  type DeployTokenInfo,
  listDeployTokens,
  revokeDeployToken,
  type TokenParent,
} from "./deployTokens";
import { isDeployToken } from "../pulumi/resourceTypes";
import { listKnownTokens, listPendingCreates, type StackState } from "../pulumi/stackState";

/** A stack's deploy tokens in GitLab. */
export interface StackTokens {
  /** Those that its state knows. */
  readonly known: readonly DeployTokenInfo[];
  /** Those that no state knows: an update that was killed made them. */
  readonly orphaned: readonly DeployTokenInfo[];
  /**
   * Whether an update is just making one, or was killed at it and not mended yet: then one that looks
   * orphaned may be about to be known.
   */
  readonly isUnsettled: boolean;
}

/**
 * Finds a stack's deploy tokens and tells which of them its state knows.
 *
 * GitLab is asked before the state is read. An update writes down that it makes a token before it asks
 * GitLab for it. So a token in the list is either in the state by then, or the state says that one is being
 * made, or it is an orphan.
 */
export async function findStackTokens(
  client: Pick<GitLabClient, "listAll">,
  parent: TokenParent,
  naming: TokenNaming,
  readState: () => Promise<StackState>,
): Promise<StackTokens> {
  const all = await listDeployTokens(client, parent);
  const tokens = all.filter(({ name }) => isTokenName(naming, name));
  const state = await readState();
  const known = listKnownTokens(state);
  return {
    known: tokens.filter(({ id }) => known.has(id)),
    orphaned: tokens.filter(({ id }) => !known.has(id)),
    isUnsettled: listPendingCreates(state).some(({ type }) => isDeployToken(type)),
  };
}

/** A table of the tokens, a line each. */
export function renderTokens({ known, orphaned }: StackTokens, now: Date): string {
  const rows = [
    ["id", "ends", "state", "name"],
    ...known.map((token) => describeToken(token, "known", now)),
    ...orphaned.map((token) => describeToken(token, "orphaned", now)),
  ];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function describeToken(
  { expires_at, id, name }: DeployTokenInfo,
  state: string,
  now: Date,
): string[] {
  return [String(id), describeEnd(expires_at, now), state, name];
}

const millisecondsPerDay = 24 * 60 * 60 * 1000;

function describeEnd(expiresAt: string | null, now: Date): string {
  if (expiresAt === null) return "never";
  const days = (Date.parse(expiresAt) - now.getTime()) / millisecondsPerDay;
  const when =
    days <= 0 ? "ended" : days < 2 ? `${Math.floor(days * 24)} h` : `${Math.floor(days)} d`;
  return `${expiresAt.slice(0, 10)} (${when})`;
}

/**
 * Revokes the deploy tokens that a killed update of a stack has created and its state does not know, after an
 * update that succeeded. That update stays a success if GitLab does not answer.
 *
 * Other tokens with the stack's names may be those of another state, such as a second site's or a colleague's
 * own `dev`: only `slipway tokens --prune` revokes them, after it has asked.
 *
 * @param pending what this state has seen pending
 * @returns the tokens that were revoked
 */
export async function pruneTokens(
  stack: ConfiguredStack,
  pending: readonly PendingCreate[],
  pulumi: Pulumi,
  io: CommandContext,
): Promise<readonly DeployTokenInfo[]> {
  try {
    const { connection, parent, naming } = await readStackGitLab(stack, pulumi, io.env);
    const client = new GitLabClient(connection);
    const found = await findStackTokens(client, parent, naming, () =>
      pulumi.readState(stack.stack),
    );
    if (found.isUnsettled) return [];
    const own = found.orphaned.filter((token) => wasPending(token, pending));
    for (const { id, name } of own) {
      await revokeDeployToken(client, parent, id);
      io.print(`Revoked ${name} (${id}): a killed update had created it.`);
    }
    const others = found.orphaned.length - own.length;
    if (others > 0) {
      const tokens = others === 1 ? "1 deploy token" : `${others} deploy tokens`;
      io.print(
        `${tokens} with this stack's name may be of another state. To look: slipway tokens ${stack.stack}`,
      );
    }
    return own;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    io.print(
      `The update succeeded. Whether it left tokens that no state knows is not known:\n${error.message}\nLater: slipway tokens ${stack.stack} --prune`,
    );
    return [];
  }
}

function wasPending({ name }: DeployTokenInfo, pending: readonly PendingCreate[]): boolean {
  return pending.some(
    ({ resource }) => isDeployToken(resource.type) && resource.inputs?.name === name,
  );
}
