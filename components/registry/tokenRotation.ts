import type * as pulumi from "@pulumi/pulumi";

import { createDeployToken, type DeployToken } from "./deployToken";
import { computeTokenSlot, tokenSlots, type RotationPeriod } from "./rotationPeriod";

/** Whose the tokens are, and of what time. */
export interface RotatedTokens {
  /** Path or number of the project, unless a group is given. */
  readonly project: pulumi.Input<string>;

  /** Path or number of the group that the tokens belong to instead. */
  readonly group?: string;

  /** The window that it is now. */
  readonly window: RotationPeriod;

  /** Number of rotations that were forced. */
  readonly rotation: number;
}

/**
 * The push token. One is enough: an update makes the new one before it builds and deletes the old one last,
 * and the stack's lock keeps other updates out, so nothing builds with a token that is being deleted.
 */
export function createPushToken(
  name: string,
  tokens: RotatedTokens,
  parent: pulumi.Resource,
): DeployToken {
  const options = { parent };
  return createDeployToken(
    `${name}-push`,
    { ...pickOwner(tokens), role: "push", label: formatRotationSuffix(tokens) },
    options,
  );
}

/**
 * The two pull tokens, and which of them to use. A cluster pulls at any time, also while an update runs, so
 * the token that was in use until now stays beside the new one for another window.
 *
 * @returns the one to use
 */
export function createPullTokens(
  name: string,
  tokens: RotatedTokens,
  parent: pulumi.Resource,
): DeployToken {
  const used = computeTokenSlot(tokens.window, tokens.rotation);
  const made = tokenSlots.map((slot) => {
    const options: pulumi.CustomResourceOptions = {
      parent,
      // The stack that had a single token goes on with it in the first slot.
      aliases: slot === tokenSlots[0] ? [{ name: `${name}-pull` }] : [],
      // The other one stays what it was made as until its turn comes. If it is not there yet, it is made
      // like the one in use: a stack has the same number of tokens from its first update on.
      ignoreChanges: slot === used ? [] : ["name", "expiresAt"],
    };
    const label = `-${slot}${formatRotationSuffix(tokens)}`;
    return createDeployToken(
      `${name}-pull-${slot}`,
      { ...pickOwner(tokens), role: "pull", label },
      options,
    );
  });
  return made[tokenSlots.indexOf(used)];
}

function pickOwner({ project, group, window }: RotatedTokens) {
  return { project, group, expiresAt: window.expiresAt };
}

/** A token's end tells its window, but not which of the rotations that were forced within it. */
function formatRotationSuffix({ rotation }: RotatedTokens): string {
  return rotation === 0 ? "" : `/${rotation}`;
}
