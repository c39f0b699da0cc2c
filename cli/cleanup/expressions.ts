import { RE2JS, RE2JSSyntaxException } from "re2js";

import { UserError } from "../errors";

/** Returns whether a tag's name matches. */
export type Matcher = (name: string) => boolean;

/**
 * Compiles an expression of a cleanup policy as GitLab does: RE2 between `\A` and `\z`, without a group
 * around it. An empty expression matches no tag.
 */
export function compileWhole(pattern: string): Matcher {
  const compiled = compile(`\\A${pattern}\\z`);
  return (name) => compiled.matcher(name).find();
}

/** Compiles an expression that matches a part of a name, as GitLab does for protection rules. */
export function compilePart(pattern: string): Matcher {
  const compiled = compile(pattern);
  return (name) => compiled.matcher(name).find();
}

/** Compiles the pattern of a rule for repositories, in which `*` matches any text. Case does not matter. */
export function compileLike(pattern: string): Matcher {
  const parts = pattern.split("*").map((part) => RE2JS.quote(part));
  const compiled = RE2JS.compile(`(?is)\\A${parts.join(".*")}\\z`);
  return (name) => compiled.matcher(name).find();
}

/** What is wrong with an expression, in RE2's words; undefined if it is valid. */
export function findExpressionProblem(pattern: string): string | undefined {
  try {
    RE2JS.compile(pattern);
    return undefined;
  } catch (error) {
    if (error instanceof RE2JSSyntaxException) return error.getDescription();
    throw error;
  }
}

/** GitLab may use another version of RE2, so an expression that is valid only there is not a bug in slipway. */
function compile(pattern: string): RE2JS {
  const problem = findExpressionProblem(pattern);
  if (problem === undefined) return RE2JS.compile(pattern);
  throw new UserError(
    `GitLab has the expression "${pattern}", which is not valid here: ${problem}. Change it in GitLab.`,
  );
}
