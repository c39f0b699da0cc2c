import type * as pulumi from "@pulumi/pulumi";

import { createDeployToken, type DeployToken } from "./deployToken";
import { computeTokenSlot, tokenSlots, type RotationPeriod } from "./rotationPeriod";

/** Owner and period of the tokens. */
export interface RotatedTokens {
  /** Path or number of the project, unless a group is given. */
  readonly project: pulumi.Input<string>;

  /** Path or number of the group that the tokens belong to instead. */
  readonly group?: string;

  /** Current period. */
  readonly window: RotationPeriod;

  /** Number of rotations that were forced. */
  readonly rotation: number;
}

/**
 * Creates the push token. One is enough: an update creates the new one before it builds and deletes the old one last,
 * and the stack's lock excludes other updates, so nothing builds with a token that is being deleted.
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
 * Creates the two pull tokens. A cluster pulls at any time, also during an update, so the former token stays valid
 * for another period.
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
      // A stack that had a single pull token keeps it in the first slot.
      aliases: slot === tokenSlots[0] ? [{ name: `${name}-pull` }] : [],
      // The unused one stays as it is until its turn. If it does not exist yet, it is created like the one in use,
      // so that a stack has the same number of tokens from its first update on.
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

/** Formats the number of forced rotations, which the expiry does not show. */
function formatRotationSuffix({ rotation }: RotatedTokens): string {
  return rotation === 0 ? "" : `/${rotation}`;
}
