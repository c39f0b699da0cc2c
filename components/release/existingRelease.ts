import * as pulumi from "@pulumi/pulumi";

import { checkAgreedRelease } from "./agreedRelease";
import {
  describePromotionProblems,
  describeFailedUpdate,
  findPromotionProblems,
  type PromotionTarget,
} from "./promotionRules";
import { type DeployedRelease, findKnownRelease, readRelease, type Release } from "./release";
import { shortenStackName } from "./stackName";
import { computeFullName, findStackOutputs, tryReadStackResources } from "./stackOutputs";
import { computeEnvironmentTag, computePreviousTag } from "./tagNames";
import { findTaggedCommit, type TaggedCommit } from "../image/revision";
import { hasFailedUpdate } from "./failedUpdate";

/** The configured origin of a stack's release. A digest has priority over a stack. */
export interface ReleaseOrigin extends PromotionTarget {
  /** Digest that the stack is pinned to. */
  readonly digest?: string;

  /** Stack to take the release from, `stack` or `organization/project/stack`. */
  readonly promoteFrom?: string;
}

/** A release that exists already, so that nothing is built. */
export interface ExistingRelease extends Release {
  /** Tags that it has on its source stack, without `env-*` and `previous-*`. */
  readonly tags: readonly string[];

  /** Stack that it is taken from; undefined if a digest pins it, even if `promoteFrom` is set. */
  readonly from: string | undefined;

  /** The version that a pipeline gives it now, and the commit that it must have been built from. */
  readonly tagged: TaggedCommit | undefined;
}

/**
 * Finds the configured release; undefined if the stack builds its own.
 *
 * @param last what the stack ran before this update
 * @throws pulumi.RunError if the release must not be taken from there, before any resource is created
 */
export async function findExistingRelease(
  origin: ReleaseOrigin,
  last: DeployedRelease | undefined,
): Promise<ExistingRelease | undefined> {
  const release = await resolveRelease(origin, last);
  checkAgreedRelease(origin.stack, release?.digest, release?.from);
  return release;
}

async function resolveRelease(
  origin: ReleaseOrigin,
  last: DeployedRelease | undefined,
): Promise<ExistingRelease | undefined> {
  if (origin.digest !== undefined) return pinRelease(origin, origin.digest, last);
  if (origin.promoteFrom === undefined) return undefined;
  return resolvePromotedRelease(origin, origin.promoteFrom, last);
}

async function pinRelease(
  { promoteFrom, stack }: ReleaseOrigin,
  digest: string,
  last: DeployedRelease | undefined,
): Promise<ExistingRelease> {
  const clear =
    promoteFrom === undefined
      ? `pulumi config rm digest --stack ${stack}`
      : `npx slipway promote ${promoteFrom} ${stack}`;
  void pulumi.log.warn(
    `\`${stack}\` is pinned to ${digest} by \`digest\`, so nothing newer is deployed. Once it shall take newer releases again:\n    ${clear}`,
  );
  // What it was built from, if this stack or the one that it takes from has run it.
  const outputs =
    promoteFrom === undefined ? undefined : await findStackOutputs(computeFullName(promoteFrom));
  const known = findKnownRelease(digest, last, outputs && readRelease(outputs));
  return {
    digest,
    commit: known?.commit ?? "",
    version: known?.version ?? "",
    tags: [],
    from: undefined,
    tagged: undefined,
  };
}

async function resolvePromotedRelease(
  origin: ReleaseOrigin,
  promoteFrom: string,
  last: DeployedRelease | undefined,
): Promise<ExistingRelease> {
  const fullName = computeFullName(promoteFrom);
  const outputs = await findStackOutputs(fullName);
  const release = outputs && readRelease(outputs);
  const source = { stack: promoteFrom, exists: outputs !== undefined, release };
  const problems = findPromotionProblems(source, {
    ...origin,
    runningDigest: last?.digest,
  });
  if (problems.length > 0 || release === undefined) {
    throw new pulumi.RunError(describePromotionProblems(promoteFrom, origin.stack, problems));
  }
  const resources = await tryReadStackResources(fullName);
  if (resources && hasFailedUpdate(resources, release)) {
    void pulumi.log.warn(describeFailedUpdate(promoteFrom, release));
  }
  const name = shortenStackName(fullName);
  const environmentTags = [computeEnvironmentTag(name), computePreviousTag(name)];
  const tagged = findTaggedCommit();
  // A version that a pipeline gave it stays, whichever pipeline runs next.
  const known = last?.digest === release.digest ? last : undefined;
  return {
    digest: release.digest,
    commit: tagged?.commit ?? (known?.commit || release.commit),
    version: tagged?.version ?? (known?.version || release.version),
    tags: release.tags.filter((tag) => !environmentTags.includes(tag)),
    from: promoteFrom,
    tagged,
  };
}
