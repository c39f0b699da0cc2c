import type { CleanupPolicy } from "../../config/cleanupPolicy";
import { createKeepTest } from "./plan";
import { UserError } from "../errors";
import type { Pulumi } from "../pulumi/pulumiCli";
import type { TagInfo } from "../gitlab/containerRegistry";
import { parseImageReference } from "../../components/image/imageReference";

/** The last successful release of a stack. */
export interface RunningRelease {
  readonly stack: string;
  readonly digest: string;
  /** Path of its repository, without the registry's host. */
  readonly path: string;
  /** Whether the stack ran it earlier, and its pods need it to start (`keepReleases`). */
  readonly isKept: boolean;
}

/** The releases that the stacks of a Pulumi project run. */
export interface RunningReleases {
  readonly releases: readonly RunningRelease[];
  /** Why a stack could not be read, by the stack's name. */
  readonly unreadable: Readonly<Record<string, string>>;
}

/** A running release, with the tags that point to it. */
export interface TaggedRelease extends RunningRelease {
  /** Whether the repository belongs to another GitLab project, whose policy is not this one. */
  readonly isOtherProject: boolean;
  /** Tags that the policy never deletes. */
  readonly kept: readonly string[];
  /** Tags that the policy deletes, now or when they are old enough. */
  readonly expiring: readonly string[];
}

/** Reads the running release of each stack of the Pulumi project, except the stacks in `without`. */
export async function readRunningReleases(
  pulumi: Pick<Pulumi, "listStacks" | "findStatus">,
  without: readonly string[],
): Promise<RunningReleases> {
  const stacks = await pulumi.listStacks();
  const unknown = without.find((name) => !stacks.includes(name));
  if (unknown !== undefined) {
    throw new UserError(
      `\`--without\` is "${unknown}", which is not a stack of this project. Its stacks are: ${stacks.join(", ")}.`,
    );
  }
  const releases: RunningRelease[] = [];
  const unreadable: Record<string, string> = {};
  for (const stack of stacks.filter((name) => !without.includes(name))) {
    try {
      const { release } = await pulumi.findStatus(stack);
      if (release === undefined) continue;
      const { digest, kept = [], repository } = release;
      if (repository === "") throw new UserError("Its output `image` has no repository.");
      // GitLab's registry may have several host names; a path is the same repository on all of them.
      const path = parseImageReference(repository).path;
      releases.push({ stack, digest, path, isKept: false });
      releases.push(...kept.map((older) => ({ stack, digest: older, path, isKept: true })));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      unreadable[stack] = error.message;
    }
  }
  return { releases, unreadable };
}

/**
 * Finds the tags of the running releases, and which of these tags the policy keeps.
 *
 * Only a tag's name counts: `olderThan` and `keepN` only delay the deletion, and a release may run for
 * longer than that.
 *
 * @param repositories tags by the path of their repository
 */
export function findTaggedReleases(
  releases: readonly RunningRelease[],
  repositories: ReadonlyMap<string, readonly TagInfo[]>,
  policy: CleanupPolicy,
): TaggedRelease[] {
  const isKept = createKeepTest(policy);
  return releases.map((release) => {
    const tags = repositories.get(release.path);
    const names = (tags ?? [])
      .filter(({ digest }) => digest === release.digest)
      .map(({ name }) => name);
    return {
      ...release,
      isOtherProject: tags === undefined,
      kept: names.filter(isKept),
      expiring: names.filter((name) => !isKept(name)),
    };
  });
}

/** The reasons to refuse the policy, one or two sentences each. */
export function findDangers(
  tagged: readonly TaggedRelease[],
  unreadable: RunningReleases["unreadable"],
): string[] {
  return [
    ...tagged
      .filter(({ kept, expiring }) => kept.length === 0 && expiring.length > 0)
      .map(
        ({ digest, expiring, isKept, path, stack }) =>
          `\`${stack}\` ${isKept ? "keeps files of" : "runs"} ${digest} of \`${path}\`, and the policy would delete its last tags, now or when they are old enough: ${expiring.join(", ")}. Keep one of them with \`nameRegexKeep\`, such as \`${isKept ? "(?:previous|kept)-.+" : "env-.+"}\`.`,
      ),
    ...Object.entries(unreadable).map(
      ([stack, reason]) =>
        `What \`${stack}\` runs can't be read. If the stack runs nothing any more, leave it out: --without ${stack}\n  ${reason.replaceAll("\n", "\n  ")}`,
    ),
  ];
}
