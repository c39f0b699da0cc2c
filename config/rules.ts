import type { Problem } from "./problems";
import type { Values } from "./schema";

/**
 * What of where the release comes from fits alone, but not beside the other values.
 *
 * @param stack full name of the stack that is configured, `organization/project/stack`
 */
export function findReleaseProblems(values: Values, stack: string): Problem[] {
  const { digest, promoteFrom, release, skipStaging, tier } = values;
  const problems: Problem[] = [];
  if (release === "promote" && promoteFrom === "") {
    problems.push({
      text: '`promoteFrom` is missing. With `release` "promote" it is the stack that the release is taken from.',
      command: "pulumi config set promoteFrom staging",
    });
  }
  if (release === "build" && promoteFrom !== "") {
    problems.push({
      text: '`promoteFrom` has no effect with `release` "build": this stack builds its own.',
      command: "pulumi config set release promote",
    });
  }
  const name = stack.slice(stack.lastIndexOf("/") + 1);
  if (promoteFrom !== "" && (promoteFrom === stack || promoteFrom === name)) {
    problems.push({
      text: `\`promoteFrom\` is "${promoteFrom}", this stack itself. Name the stack that runs the release before it does.`,
      command: "pulumi config set promoteFrom staging",
    });
  }
  // A pinned stack builds nothing, and what pins it was proven somewhere.
  if (tier === "production" && release === "build" && skipStaging !== "true" && digest === "") {
    problems.push({
      text: '`release` is "build", but a stack of `tier` "production" takes only what a staging stack runs. Promote from there, or let it skip staging: `pulumi config set skipStaging true`.',
      command: "pulumi config set release promote",
    });
  }
  if (tier !== "production" && skipStaging === "true") {
    problems.push({
      text: `\`skipStaging\` has no effect with \`tier\` "${tier}": only production waits for staging.`,
      command: "pulumi config rm skipStaging",
    });
  }
  return problems;
}
