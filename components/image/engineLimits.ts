/** Features that not every builder has. */
export interface BuilderDemands {
  /** Ids of build secrets. */
  readonly buildSecrets: readonly string[];

  /** Whether layers are kept in the registry. */
  readonly cache: boolean;

  /** Platforms to build for. */
  readonly platforms: readonly string[];

  /** Kinds of human-readable tags. */
  readonly tags: readonly string[];
}

/** One thing that a builder can't do. */
export interface BuilderLimit {
  /** What was asked for: an argument's name, and the configuration's key. */
  readonly subject: keyof BuilderDemands;

  /** Why that can't be, in words that go on from "it". */
  readonly reason: string;
}

/**
 * Finds the requested features that `@pulumi/docker` 5.2.0, the provider of the Docker engine, does not have.
 *
 * It builds one name and one platform, without build secrets and without a cache in the registry. It pushes a
 * plain manifest; an index over it, which a tag is, would have another digest.
 */
export function findEngineLimits(demands: BuilderDemands): BuilderLimit[] {
  const { buildSecrets, cache, platforms, tags } = demands;
  const limits: (BuilderLimit & { readonly holds: boolean })[] = [
    {
      subject: "buildSecrets",
      holds: buildSecrets.length > 0,
      reason: `can't hand ${list(buildSecrets)} to a build`,
    },
    { subject: "cache", holds: cache, reason: "keeps no layers in the registry" },
    {
      subject: "platforms",
      holds: platforms.length > 1,
      reason: `builds for one platform, not for ${list(platforms)}`,
    },
    {
      subject: "tags",
      holds: tags.length > 0,
      reason: `pushes no index that tags for ${list(tags)} could be made over`,
    },
  ];
  return limits.filter(({ holds }) => holds).map(({ reason, subject }) => ({ subject, reason }));
}

function list(names: readonly string[]): string {
  const quoted = names.map((name) => `"${name}"`);
  return quoted.length > 1
    ? `${quoted.slice(0, -1).join(", ")} and ${quoted.at(-1)}`
    : quoted.join("");
}
