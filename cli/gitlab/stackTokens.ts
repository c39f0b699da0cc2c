import { isTokenName, type TokenNaming } from "../../components/registry/tokenName";
import { isDeployToken } from "../pulumi/resourceTypes";
import { listKnownTokens, listPendingCreates, type StackState } from "../pulumi/stackState";
import { renderTable } from "../table";
import type { GitLabClient } from "./client";
import { type DeployTokenInfo, listDeployTokens, type TokenParent } from "./deployTokens";

/** A stack's deploy tokens in GitLab. */
export interface StackTokens {
  /** Tokens in the stack's state. */
  readonly known: readonly DeployTokenInfo[];
  /**
   * Tokens with the stack's names that are not in its state: a killed update created them, or they belong to another
   * stack with the same project and stack name, or to a copy of this one.
   */
  readonly unknown: readonly DeployTokenInfo[];
  /**
   * Whether an update is creating a token or was killed while doing so, so that an unknown token may become known.
   */
  readonly hasPendingCreates: boolean;
  /** Highest id of all deploy tokens of the project or group; 0 if there are none. */
  readonly highestId: number;
}

/**
 * Finds the deploy tokens that have a stack's names, and which of them its state knows.
 *
 * It lists GitLab's tokens before it reads the state. An update first records in the state that it is creating a
 * token, and then creates it. So for each listed token, the state contains it, or says that a token is being created,
 * or does not know it.
 *
 * @throws GitLabError if GitLab refuses or does not answer
 */
export async function findStackTokens(
  client: Pick<GitLabClient, "listAll">,
  { parent, naming }: { readonly parent: TokenParent; readonly naming: TokenNaming },
  readState: () => Promise<StackState>,
): Promise<StackTokens> {
  const tokens = await listDeployTokens(client, parent);
  return sortStackTokens(tokens, naming, await readState());
}

/** Finds which tokens of a project or group have a stack's names, and which of them its state knows. */
export function sortStackTokens(
  all: readonly DeployTokenInfo[],
  naming: TokenNaming,
  state: StackState,
): StackTokens {
  const tokens = all.filter(({ name }) => isTokenName(naming, name));
  const known = listKnownTokens(state);
  return {
    known: tokens.filter(({ id }) => known.has(id)),
    unknown: tokens.filter(({ id }) => !known.has(id)),
    hasPendingCreates: listPendingCreates(state).some(({ type }) => isDeployToken(type)),
    highestId: findHighestId(all),
  };
}

/** Finds the highest id of deploy tokens; 0 if there are none. */
export function findHighestId(tokens: readonly DeployTokenInfo[]): number {
  return Math.max(0, ...tokens.map(({ id }) => id));
}

/** Renders a number of deploy tokens, such as "2 deploy tokens". */
export function countTokens(count: number): string {
  return count === 1 ? "1 deploy token" : `${count} deploy tokens`;
}

/** Renders the tokens as a table. */
export function renderTokens({ known, unknown }: StackTokens, now: Date): string {
  return renderTable([
    ["id", "expires", "state", "name"],
    ...known.map((token) => describeToken(token, "known", now)),
    ...unknown.map((token) => describeToken(token, "unknown", now)),
  ]);
}

function describeToken(
  { expires_at, id, name }: DeployTokenInfo,
  state: string,
  now: Date,
): string[] {
  return [String(id), describeExpiry(expires_at, now), state, name];
}

const millisecondsPerDay = 24 * 60 * 60 * 1000;

function describeExpiry(expiresAt: string | null, now: Date): string {
  if (expiresAt === null) return "never";
  const days = (Date.parse(expiresAt) - now.getTime()) / millisecondsPerDay;
  const left =
    days <= 0 ? "expired" : days < 2 ? `${Math.floor(days * 24)} h` : `${Math.floor(days)} d`;
  return `${expiresAt.slice(0, 10)} (${left})`;
}
