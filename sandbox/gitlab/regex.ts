import { RE2JS, RE2JSSyntaxException } from "re2js";

/** A regular expression in RE2's syntax, which GitLab uses for its users' expressions. */
export interface Expression {
  /** Whether some part of the text matches. */
  readonly finds: (text: string) => boolean;
}

/** The expression is invalid; the message is RE2's. */
class ExpressionError extends Error {
  override readonly name = "ExpressionError";
}

/** RE2's wording of errors if its translation to JavaScript has another one. */
const wordings: Readonly<Record<string, string>> = {
  "missing closing ]": "missing ]",
  "missing closing )": "missing )",
  "missing argument to repetition operator": "no argument for repetition operator",
  "invalid nested repetition operator": "bad repetition operator",
  "invalid repeat count": "invalid repetition size",
  "invalid or unsupported Perl syntax": "invalid perl operator",
  "invalid named capture": "invalid named capture group",
  "trailing backslash at end of expression": "trailing \\",
};

/**
 * Compiles an expression.
 *
 * @throws ExpressionError
 */
export function compileExpression(pattern: string): Expression {
  try {
    const compiled = RE2JS.compile(pattern);
    return { finds: (text) => compiled.matcher(text).find() };
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    const description = error.getDescription();
    const input = error.getPattern();
    throw new ExpressionError(
      `${wordings[description] ?? description}${input === null ? "" : `: ${input}`}`,
    );
  }
}

/** Returns the problem of an expression; `undefined` if it is valid. */
export function findExpressionProblem(pattern: string): string | undefined {
  try {
    compileExpression(pattern);
    return undefined;
  } catch (error) {
    if (error instanceof ExpressionError) return error.message;
    throw error;
  }
}
