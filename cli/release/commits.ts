import type { CommandContext } from "../io";

/** Most commits of a kind that are listed. */
const commitLimit = 20;

/** Commits between two releases, each `<short id> <subject>`, the newest first. */
export interface CommitRange {
  /** Those that the new release brings. */
  readonly added: readonly string[];
  /** Those that it takes back. */
  readonly removed: readonly string[];
}

/**
 * The commits that tell two releases apart.
 *
 * @param from commit of the release that runs; may end in `-dirty`
 * @param to commit of the one that shall run
 * @returns undefined where git does not know both
 */
export async function findCommits(
  io: Pick<CommandContext, "capture">,
  cwd: string,
  from: string,
  to: string,
): Promise<CommitRange | undefined> {
  const [old, next] = [from, to].map((commit) => commit.replace(/-dirty$/, ""));
  // What outputs say is not taken for an option.
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

/** The commits as lines for a person. */
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
