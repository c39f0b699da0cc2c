import { execFileSync } from "node:child_process";

/** Where in the history of a repository something was made from. */
export interface Revision {
  /** Full commit id; ends in `-dirty` when tracked files differed from it. */
  readonly commit?: string;

  /** Version tag of that commit, e.g. `v1.2.3`. */
  readonly version?: string;
}

const versionPattern = /^v\d/;

/**
 * The revision of the checkout in `directory`: a GitLab pipeline says it in variables, elsewhere git does.
 * What neither knows is left out.
 */
export function findRevision(directory: string, env: NodeJS.ProcessEnv = process.env): Revision {
  if (env.CI_COMMIT_SHA) {
    const tag = env.CI_COMMIT_TAG;
    return { commit: env.CI_COMMIT_SHA, version: tag?.match(versionPattern) ? tag : undefined };
  }
  return {
    commit: tryGit(directory, ["describe", "--always", "--abbrev=40", "--dirty", "--exclude=*"]),
    version: tryGit(directory, ["describe", "--exact-match", "--tags", "--match=v[0-9]*"]),
  };
}

function tryGit(directory: string, args: string[]): string | undefined {
  try {
    const output = execFileSync("git", args, {
      cwd: directory,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return output.trim() || undefined;
  } catch {
    // No git, no repository, no commit or no tag: the revision is not known.
    return undefined;
  }
}
