import { RE2JS, RE2JSSyntaxException } from "re2js";

/** A regular expression in RE2's syntax, which GitLab uses for whatever its users write. */
export interface Expression {
  /** Whether some part of the text matches. */
  readonly finds: (text: string) => boolean;
}

/** An expression that isn't one; the message is RE2's. */
class ExpressionError extends Error {
  override readonly name = "ExpressionError";
}

/** Where RE2 words an error in another way than its translation to JavaScript. */
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

/** What is wrong with an expression; undefined for nothing. */
export function findExpressionProblem(pattern: string): string | undefined {
  try {
    compileExpression(pattern);
    return undefined;
  } catch (error) {
    if (error instanceof ExpressionError) return error.message;
    throw error;
  }
}
