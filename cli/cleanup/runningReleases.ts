import type { CleanupPolicy } from "../../config/cleanupPolicy";
import { createKeepTest } from "./plan";
import { UserError } from "../errors";
import type { Pulumi } from "../pulumi/pulumiCli";
import type { TagInfo } from "../gitlab/containerRegistry";
import { parseImageReference } from "../../components/image/imageReference";

/** What a stack was proven to run. */
export interface RunningRelease {
  readonly stack: string;
  readonly digest: string;
  /** Path of its repository, without the registry. */
  readonly path: string;
}

/** What the stacks of a project run. */
export interface RunningReleases {
  readonly releases: readonly RunningRelease[];
  /** Why a stack could not be read, by its name. */
  readonly unreadable: Readonly<Record<string, string>>;
}

/** The tags that point to what a stack runs. */
export interface TaggedRelease extends RunningRelease {
  /** Whether its repository is none of the GitLab project's, so that no policy of it matters. */
  readonly isElsewhere: boolean;
  /** Those that no run of the policy deletes. */
  readonly kept: readonly string[];
  /** Those that one deletes, now or when they are old enough. */
  readonly passing: readonly string[];
}

/** Reads what the stacks of the project run, all but those that are left out. */
export async function readRunningReleases(
  pulumi: Pick<Pulumi, "listStacks" | "findStatus">,
  without: readonly string[],
): Promise<RunningReleases> {
  const stacks = await pulumi.listStacks();
  const unknown = without.find((name) => !stacks.includes(name));
  if (unknown !== undefined) {
    throw new UserError(
      `\`--without\` is "${unknown}", which is no stack of this project. There are ${stacks.join(", ")}.`,
    );
  }
  const releases: RunningRelease[] = [];
  const unreadable: Record<string, string> = {};
  for (const stack of stacks.filter((name) => !without.includes(name))) {
    try {
      const { release } = await pulumi.findStatus(stack);
      if (release === undefined) continue;
      const { digest, repository } = release;
      if (repository === "") throw new UserError("Its output `image` names no repository.");
      // GitLab's registry may go by several hosts; a path is one repository on all of them.
      const path = parseImageReference(repository).path;
      releases.push({ stack, digest, path });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      unreadable[stack] = error.message;
    }
  }
  return { releases, unreadable };
}

/**
 * Finds the tags of what the stacks run, and which of them stay.
 *
 * By their names alone: an age and a place among the newest only put off what happens to a tag, and a
 * release may run for long.
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
      isElsewhere: tags === undefined,
      kept: names.filter(isKept),
      passing: names.filter((name) => !isKept(name)),
    };
  });
}

/** Why the policy must not be: each a sentence or two. */
export function findDangers(
  tagged: readonly TaggedRelease[],
  unreadable: RunningReleases["unreadable"],
): string[] {
  return [
    ...tagged
      .filter(({ kept, passing }) => kept.length === 0 && passing.length > 0)
      .map(
        ({ digest, passing, path, stack }) =>
          `\`${stack}\` runs ${digest} of \`${path}\`, and its last tags would go, now or when they are old enough: ${passing.join(", ")}. Keep one of them with \`nameRegexKeep\`, such as \`env-.+\`.`,
      ),
    ...Object.entries(unreadable).map(
      ([stack, reason]) =>
        `What \`${stack}\` runs can't be read. If nothing of it runs any more: --without ${stack}\n  ${reason.replaceAll("\n", "\n  ")}`,
    ),
  ];
}
