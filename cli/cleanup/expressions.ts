import { RE2JS, RE2JSSyntaxException } from "re2js";

import { UserError } from "../errors";

/** Whether a tag's name matches. */
export type Matcher = (name: string) => boolean;

/**
 * Compiles an expression of a cleanup policy, as GitLab reads it: RE2, between `\A` and `\z`, with no group
 * around it. Empty, it matches no tag.
 */
export function compileWhole(pattern: string): Matcher {
  const compiled = compile(`\\A${pattern}\\z`);
  return (name) => compiled.matcher(name).find();
}

/** Compiles an expression that some part of a name must match, as those of protection rules. */
export function compilePart(pattern: string): Matcher {
  const compiled = compile(pattern);
  return (name) => compiled.matcher(name).find();
}

/** What is wrong with an expression, in RE2's words; undefined for nothing. */
export function findExpressionProblem(pattern: string): string | undefined {
  try {
    RE2JS.compile(pattern);
    return undefined;
  } catch (error) {
    if (error instanceof RE2JSSyntaxException) return error.getDescription();
    throw error;
  }
}

/** GitLab may have another version's syntax: what it takes and this doesn't is no defect here. */
function compile(pattern: string): RE2JS {
  const problem = findExpressionProblem(pattern);
  if (problem === undefined) return RE2JS.compile(pattern);
  throw new UserError(`GitLab has the expression "${pattern}", which can't be read: ${problem}.`);
}
