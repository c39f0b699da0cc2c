import type { CommitRange } from "../release/commits";

/** What runs where, at one moment: what `slipway status --json` prints. */
export interface Overview {
  /** Name of the Pulumi project. */
  readonly project: string;
  /** When the questions were asked, in RFC 3339. */
  readonly takenAt: string;
  /** The stacks in the order in which a release goes through them. */
  readonly stacks: readonly StackOverview[];
}

/** What one stack runs. A part that could not be read is undefined, and `problems` says why. */
export interface StackOverview {
  readonly stack: string;
  /** `development`, `staging` or `production`; empty if unknown. */
  readonly tier: string;
  /** Stack that its releases come from; undefined if it builds its own. */
  readonly promoteFrom: string | undefined;
  /** Digest or version that it is pinned to. */
  readonly pin: string | undefined;
  readonly url: string | undefined;
  /** Its last successful release; undefined if there is none. */
  readonly release: ReleaseOverview | undefined;
  /** The update that deployed the release. */
  readonly deployed: DeploymentOverview | undefined;
  readonly registry: RegistryOverview | undefined;
  readonly pods: PodsOverview | undefined;
  /** GitLab's environment of the stack. */
  readonly environment: EnvironmentOverview | undefined;
  readonly tokens: readonly TokenOverview[];
  /** How it differs from the stack that its releases come from; undefined if it takes none, or that is unknown. */
  readonly promotion: PromotionOverview | undefined;
  /** How what runs, or what the registry has, differs from the release. */
  readonly drift: readonly Drift[];
  readonly problems: readonly Problem[];
}

export interface ReleaseOverview {
  /** `sha256:...` */
  readonly digest: string;
  /** Repository with its registry. */
  readonly repository: string;
  /** Empty if it has none. */
  readonly version: string;
  /** Commit that it was built from, perhaps with `-dirty`; empty if unknown. */
  readonly commit: string;
  /** First line of the commit's message; undefined if this git repository does not have the commit. */
  readonly subject: string | undefined;
  readonly author: string | undefined;
  /** When its author wrote it, in RFC 3339. */
  readonly authoredAt: string | undefined;
}

export interface DeploymentOverview {
  /** When the site was last changed, in RFC 3339. */
  readonly at: string;
  /** Whole seconds since then. */
  readonly ageSeconds: number;
  /** Who started it: as GitLab knows it of a pipeline, or else `user@host`; undefined if unknown. */
  readonly by: string | undefined;
  /** Where the update ran, such as `pipeline 12 (push)` or `a checkout of main`; empty if unknown. */
  readonly from: string;
  /** Page of the job that ran it. */
  readonly job: string | undefined;
}

export interface RegistryOverview {
  /** Tags that point to the digest in the registry now. */
  readonly tags: readonly string[];
  /** Date of the image, in RFC 3339. GitLab knows none for an index, unless its registry has a database. */
  readonly createdAt: string | undefined;
  /** The repository's page in GitLab. */
  readonly page: string | undefined;
}

export interface PodsOverview {
  readonly ready: number;
  readonly wanted: number;
  /** Digests that the pods run, with the number of pods. */
  readonly digests: readonly { readonly digest: string; readonly pods: number }[];
  /** Why containers wait, such as `ImagePullBackOff`. */
  readonly waiting: readonly string[];
}

export interface EnvironmentOverview {
  readonly name: string;
  /** Its page in GitLab. */
  readonly page: string;
}

export interface TokenOverview {
  readonly role: "pull" | "push";
  /** In RFC 3339. */
  readonly expiresAt: string;
  /** Whole days; 0 on the last day, negative after it. */
  readonly daysLeft: number;
}

export interface PromotionOverview extends CommitRange {
  readonly from: string;
  /** Whether `from` runs another release. */
  readonly isBehind: boolean;
  /** Whether git knows the commits in between. If not, both lists are empty. */
  readonly isKnown: boolean;
}

/** Kinds of {@link Drift}, in a few words each. */
export type DriftKind =
  "update failed" | "update pending" | "other pods" | "tag moved" | "image deleted";

export interface Drift {
  readonly kind: DriftKind;
  /** A sentence. */
  readonly text: string;
}

/** A part of a stack that could not be read. */
export interface Problem {
  readonly part: "cluster" | "GitLab" | "registry" | "sandbox" | "stack";
  /** One line. */
  readonly reason: string;
}
