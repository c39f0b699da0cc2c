import { removeDirtySuffix } from "../../components/image/revision";
import type { CommandContext } from "../io";

/** What git knows of a commit. */
export interface CommitFacts {
  /** First line of its message. */
  readonly subject: string;
  readonly author: string;
  /** When its author wrote it, in RFC 3339. */
  readonly authoredAt: string;
}

/**
 * Asks git once about several commits.
 *
 * @param commits may end in `-dirty`
 * @returns by the commit as given; commits that this repository does not have are left out
 */
export async function findCommitFacts(
  io: Pick<CommandContext, "capture">,
  cwd: string,
  commits: readonly string[],
): Promise<ReadonlyMap<string, CommitFacts>> {
  // A text from a stack's outputs must not become an option of git.
  const known = [...new Set(commits)].filter((commit) =>
    /^[0-9a-f]{7,64}$/.test(removeDirtySuffix(commit)),
  );
  if (known.length === 0) return new Map();
  const format = "--format=%H%x00%s%x00%an%x00%aI";
  const ids = [...new Set(known.map(removeDirtySuffix))];
  const args = ["log", "--no-walk=unsorted", "--ignore-missing", format, ...ids];
  const { code, stdout } = await io
    .capture("git", args, cwd)
    .catch(() => ({ code: -1, stdout: "" }));
  const facts = (code === 0 ? stdout : "").split("\n").map((line) => line.split("\0"));
  return new Map(
    known.flatMap((commit) => {
      const found = facts.find(([id]) => id !== "" && id.startsWith(removeDirtySuffix(commit)));
      if (found === undefined) return [];
      const [, subject, author, authoredAt] = found;
      return [[commit, { subject, author, authoredAt }] as const];
    }),
  );
}
