import { isTokenName, type TokenNaming } from "../../components/registry/tokenName";
import type { DeployTokenInfo, GitLabApi, TokenParent } from "./client";
import {
  isDeployToken,
  listKnownTokens,
  listPendingCreates,
  type StackState,
} from "../pulumi/stackState";

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
  api: Pick<GitLabApi, "listDeployTokens">,
  holder: TokenParent,
  owner: TokenNaming,
  readState: () => Promise<StackState>,
): Promise<StackTokens> {
  const all = await api.listDeployTokens(holder);
  const tokens = all.filter(({ name }) => isTokenName(owner, name));
  const state = await readState();
  const known = listKnownTokens(state);
  return {
    known: tokens.filter(({ id }) => known.has(id)),
    orphaned: tokens.filter(({ id }) => !known.has(id)),
    isUnsettled: listPendingCreates(state).some(isDeployToken),
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
