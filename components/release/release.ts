import { parseImageReference } from "../image/imageReference";

/** Purpose of a stack. It decides where its release may come from, and whether search engines may list it. */
export const tiers = ["development", "staging", "production"] as const;

/**
 * Purpose of a stack. Only a release that a staging stack runs gets to production.
 *
 * @useDeclaredType
 */
export type Tier = (typeof tiers)[number];

/** Where a stack's release comes from: its own build, or another stack that runs it already. */
export const releaseModes = ["build", "promote"] as const;

/**
 * `build`: the stack builds its release. `promote`: it runs what another stack runs already.
 *
 * @useDeclaredType
 */
export type ReleaseMode = (typeof releaseModes)[number];

/**
 * Environment variable with the digest that a person has seen and agreed to deploy. The update stops if the
 * stack would run anything else by the time the program reads it, for example because its source was updated
 * meanwhile.
 *
 * `slipway promote` and `slipway rollback` set it; a pipeline sets it for the job that applies what another job
 * has shown.
 */
export const agreedDigestVariable = "SLIPWAY_AGREED_DIGEST";

/** One build of the site, which is promoted from stack to stack. */
export interface Release {
  /** Digest of the image, `sha256:...`. */
  readonly digest: string;

  /** Commit that it was built from; empty if unknown. */
  readonly commit: string;

  /** Version tag of that commit; empty if it has none. */
  readonly version: string;
}

/** A stack's last successful release, from its outputs. */
export interface DeployedRelease extends Release {
  /** Repository that the image is in, with its registry. */
  readonly repository: string;

  /** Tags of the release, without the repository. */
  readonly tags: readonly string[];

  /** What the stack is for; empty if it was deployed before there were tiers. */
  readonly tier: string;

  /** What the stack ran before; undefined if this is its first release. */
  readonly previous: Release | undefined;

  /**
   * Digests of the releases before whose files its pods serve, the newest first.
   *
   * @default []
   */
  readonly kept?: readonly string[];
}

/**
 * Reads the release from a stack's outputs.
 *
 * @param outputs the outputs as the program exports them, see index.ts
 * @returns undefined if nothing is deployed
 */
export function readRelease(
  outputs: Readonly<Record<string, unknown>>,
): DeployedRelease | undefined {
  const text = (name: string): string => {
    const value = outputs[name];
    return typeof value === "string" ? value : "";
  };
  const texts = (name: string): string[] => {
    const value = outputs[name];
    return Array.isArray(value)
      ? value.filter((item): item is string => typeof item === "string")
      : [];
  };
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
    tags: texts("tags"),
    tier: text("tier"),
    previous: previous.digest === "" ? undefined : previous,
    kept: texts("keptDigests"),
  };
}

/**
 * Finds the release that a stack ran before the one that an update deploys.
 *
 * The result is the same before and after that update, so that a second update changes nothing.
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

/**
 * Finds the digests of the releases that a stack ran before the one that an update deploys, the newest first.
 *
 * Like {@link findPrevious}, the same before and after that update. A release that the stack returns to is none of them.
 *
 * @param count how many at most
 */
export function findKeptDigests(
  last: DeployedRelease | undefined,
  digest: string,
  count: number,
): string[] {
  if (last === undefined) return [];
  const { kept = [], previous } = last;
  const before = [last.digest, ...(previous ? [previous.digest] : []), ...kept];
  return [...new Set(before)].filter((one) => one !== digest).slice(0, count);
}

/** Finds the release with a digest among those that stacks run or ran before. */
export function findKnownRelease(
  digest: string,
  ...stacks: readonly (DeployedRelease | undefined)[]
): Release | undefined {
  return stacks
    .flatMap((stack) => [stack, stack?.previous])
    .find((release) => release?.digest === digest);
}
