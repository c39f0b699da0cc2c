import { removeDirtySuffix } from "../../components/image/revision";
import type { CommandContext } from "../io";

/** Maximum number of added commits to list, and of removed ones. */
const commitLimit = 20;

/** Commits between two releases, each `<short id> <subject>`, the newest first. */
export interface CommitRange {
  /** Commits that the new release brings. */
  readonly added: readonly string[];
  /** Commits that it takes back. */
  readonly removed: readonly string[];
}

/**
 * Finds the commits in which two releases differ.
 *
 * @param from commit of the release that runs; may end in `-dirty`
 * @param to commit of the release to deploy
 * @returns undefined if git does not know both commits
 */
export async function findCommits(
  io: Pick<CommandContext, "capture">,
  cwd: string,
  from: string,
  to: string,
): Promise<CommitRange | undefined> {
  const [old, next] = [from, to].map(removeDirtySuffix);
  // A text from a stack's outputs must not become an option of git.
  if (![old, next].every((commit) => /^[0-9a-f]{7,64}$/.test(commit))) return undefined;
  const list = async (range: string): Promise<string[] | undefined> => {
    const args = ["log", "--oneline", "--no-decorate", range];
    const { code, stdout } = await io.capture("git", args, cwd).catch(() => noGit);
    return code === 0 ? stdout.split("\n").filter(Boolean) : undefined;
  };
  const [added, removed] = await Promise.all([list(`${old}..${next}`), list(`${next}..${old}`)]);
  return added && removed && { added, removed };
}

const noGit = { code: -1, stdout: "" };

/** Renders the commits as lines for the user. */
export function renderCommits(range: CommitRange | undefined): string[] {
  if (range === undefined) return ["  commits in between: not found in this git repository"];
  return [...renderList("brings", range.added), ...renderList("takes back", range.removed)];
}

function renderList(verb: string, commits: readonly string[]): string[] {
  if (commits.length === 0) return [];
  const count = commits.length === 1 ? "1 commit" : `${commits.length} commits`;
  const more = commits.length - commitLimit;
  return [
    `  ${verb} ${count}:`,
    ...commits.slice(0, commitLimit).map((commit) => `    ${commit}`),
    ...(more > 0 ? [`    ... and ${more} more`] : []),
  ];
}
