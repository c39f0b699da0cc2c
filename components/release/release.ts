import { parseImageReference } from "../image/imageReference";

/** What a stack is for. It decides where its release may come from, and whether search engines see it. */
export const tiers = ["development", "staging", "production"] as const;

/** One of {@link tiers}. */
export type Tier = (typeof tiers)[number];

/** Where a stack's release comes from: its own build, or another stack that runs it already. */
export const releaseModes = ["build", "promote"] as const;

/** One of {@link releaseModes}. */
export type ReleaseMode = (typeof releaseModes)[number];

/** One build of the site, as it travels from stack to stack. */
export interface Release {
  /** Digest of the image, `sha256:...`. */
  readonly digest: string;

  /** Commit that it was built from; empty where that is not known. */
  readonly commit: string;

  /** Version tag of that commit; empty where it has none. */
  readonly version: string;
}

/** What a stack's outputs tell of it: they are those of its last release that was proven to run. */
export interface DeployedRelease extends Release {
  /** Repository that the image is in, with its registry. */
  readonly repository: string;

  /** Tags of the release, without the repository. */
  readonly tags: readonly string[];

  /** What the stack is for; empty if it was deployed before there were tiers. */
  readonly tier: string;

  /** What the stack ran before; undefined if this is its first release. */
  readonly previous: Release | undefined;
}

/**
 * The release in a stack's outputs.
 *
 * @param outputs the outputs as the program exports them, see index.ts
 * @returns undefined where nothing is deployed
 */
export function readRelease(
  outputs: Readonly<Record<string, unknown>>,
): DeployedRelease | undefined {
  const text = (name: string): string => {
    const value = outputs[name];
    return typeof value === "string" ? value : "";
  };
  const { tags } = outputs;
  const digest = text("digest");
  if (digest === "") return undefined;
  const previous = {
    digest: text("previousDigest"),
    commit: text("previousCommit"),
    version: text("previousVersion"),
  };
  return {
    digest,
    commit: text("commit"),
    version: text("version"),
    repository: parseImageReference(text("image")).repository,
    tags: Array.isArray(tags) ? tags.filter((tag): tag is string => typeof tag === "string") : [],
    tier: text("tier"),
    previous: previous.digest === "" ? undefined : previous,
  };
}

/**
 * What a stack ran before the release that it runs now.
 *
 * The answer is the same before and after the update that brings the release, so that a second one changes
 * nothing.
 *
 * @param last what the stack's outputs say, before this update
 * @param digest of the release that this update brings
 * @returns undefined for the stack's first release
 */
export function findPrevious(
  last: DeployedRelease | undefined,
  digest: string,
): Release | undefined {
  if (last === undefined) return undefined;
  if (last.digest === digest) return last.previous;
  return { digest: last.digest, commit: last.commit, version: last.version };
}

/** The release that a stack knows of by its digest: what it runs, or what it ran before. */
export function findKnownRelease(
  digest: string,
  ...stacks: readonly (DeployedRelease | undefined)[]
): Release | undefined {
  return stacks
    .flatMap((stack) => [stack, stack?.previous])
    .find((release) => release?.digest === digest);
}
