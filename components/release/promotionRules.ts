import { isDirtyCommit } from "../image/revision";
import { formatProblems, type Problem } from "../problem";
import type { DeployedRelease, Release, Tier } from "./release";

/** The stack that takes a release. */
export interface PromotionTarget {
  /** Name of the stack, as its `promoteFrom` would be. */
  readonly stack: string;

  /** What the stack is for. */
  readonly tier: Tier;

  /** Whether it may, as a production stack, take from elsewhere than a staging one. */
  readonly skipStaging: boolean;

  /**
   * Whether a production stack may take a release that was built from uncommitted files.
   *
   * @default false
   */
  readonly allowDirty?: boolean;

  /** Digest that the stack runs already; undefined if unknown. What runs there is not refused again. */
  readonly runningDigest?: string;

  /** Repository that its pull token opens. */
  readonly repository: string;
}

/** The stack that a release is taken from. */
export interface PromotionSource {
  /** Name of the stack, as it was given. */
  readonly stack: string;

  /** Whether the stack exists. */
  readonly exists: boolean;

  /** Its last successful release; undefined if there is none. */
  readonly release: DeployedRelease | undefined;
}

/** Finds the reasons why a stack can't take the release of another; empty if it can. */
export function findPromotionProblems(source: PromotionSource, target: PromotionTarget): Problem[] {
  const { exists, release, stack } = source;
  if (!exists) {
    return [
      {
        text: `There is no stack \`${stack}\`. Use another stack, or create and deploy that one first.`,
        command: "pulumi stack ls",
      },
    ];
  }
  if (release === undefined) {
    return [
      {
        text: `Nothing is deployed on \`${stack}\`: it has no successful release. Deploy it first.`,
        command: `pulumi up --stack ${stack}`,
      },
    ];
  }
  return [
    ...findTierProblems(stack, release, target),
    ...findDirtyProblems(stack, release, target),
    ...findRepositoryProblems(stack, release, target),
  ];
}

function findTierProblems(
  stack: string,
  release: DeployedRelease,
  target: PromotionTarget,
): Problem[] {
  if (target.tier !== "production" || target.skipStaging || release.tier === "staging") return [];
  const what = release.tier === "" ? "has no `tier`" : `is of \`tier\` "${release.tier}"`;
  return [
    {
      text: `\`${target.stack}\` is of \`tier\` "production" and takes only what a staging stack runs, but \`${stack}\` ${what}. Promote to a staging stack first, or let this one skip it.`,
      command: `pulumi config set skipStaging true --stack ${target.stack}`,
    },
  ];
}

function findDirtyProblems(
  stack: string,
  { commit, digest }: DeployedRelease,
  target: PromotionTarget,
): Problem[] {
  if (target.tier !== "production" || target.allowDirty || !isDirtyCommit(commit)) return [];
  if (digest === target.runningDigest) return [];
  return [
    {
      text: `\`${stack}\` runs ${commit}, which was built from files that differ from that commit, and \`${target.stack}\` is of \`tier\` "production". Commit the files, deploy them to \`${stack}\` and promote again, or allow it for this stack.`,
      command: `pulumi config set allowDirty true --stack ${target.stack}`,
    },
  ];
}

function findRepositoryProblems(
  stack: string,
  release: DeployedRelease,
  target: PromotionTarget,
): Problem[] {
  if (release.repository === target.repository) return [];
  return [
    {
      text: `\`${stack}\` runs an image of \`${release.repository}\`, but \`${target.stack}\` pulls from \`${target.repository}\`. Give both the same \`registry\`, \`project\` and \`imageName\`.`,
      command: `pulumi config --stack ${target.stack}`,
    },
  ];
}

/** Formats the problems as one message. */
export function describePromotionProblems(
  source: string,
  target: string,
  problems: readonly Problem[],
): string {
  return `\`${target}\` can't take its release from \`${source}\`:\n${formatProblems(problems)}`;
}

/** Describes that the last update of the source failed, so that its last successful release is promoted. */
export function describeFailedUpdate(stack: string, { digest }: Release): string {
  return `The last update of \`${stack}\` failed. Its last successful release is promoted: ${digest}.`;
}
