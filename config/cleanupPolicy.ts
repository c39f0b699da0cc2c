import { type KeyDefinition, structuredKey } from "./keyDefinition";
import { invalid, type Result, valid } from "./result";
import { object, scalar, withDefault } from "./structures";
import { isBoolean, isOneOf, type Validator } from "./validators";

/*
 * `cleanupPolicy`: which tags GitLab deletes from the project's container registry. It belongs to the
 * project, not to a stack, so the program only checks it: `slipway cleanup` sets it.
 */

/** What GitLab accepts. */
const cadences = ["1d", "7d", "14d", "1month", "3month"] as const;
const keptCounts = [1, 5, 10, 25, 50, 100] as const;
const ages = ["7d", "14d", "30d", "90d"] as const;

/** Maximum length of an expression in GitLab, in characters. */
const expressionLimit = 255;

/** A project's cleanup policy. */
export interface CleanupPolicy {
  /** Whether GitLab runs it. */
  readonly enabled: boolean;
  /** How often it runs. */
  readonly cadence: string;
  /** Number of newest tags to keep of those that could be deleted; 0 for none. */
  readonly keepN: number;
  /** Delete only tags that are older; empty for any age. */
  readonly olderThan: string;
  /** Delete only tags whose whole name matches. */
  readonly nameRegexDelete: string;
  /** Keep tags whose whole name matches; empty for none. */
  readonly nameRegexKeep: string;
}

/**
 * The default policy. It deletes only tags that Slipway itself creates and that no person uses: those of an
 * image's content (`content-` and 16 digits) and of a commit (8 digits, perhaps `-dirty`), since GitLab
 * applies a project's policy to all of its images. A branch's tag can have any name, so it is not deleted.
 *
 * It keeps versions, what stacks run and ran before, and the build cache: the tag `layers` of a repository
 * of its own, or `cache` beside the images.
 *
 * GitLab puts no group around an expression, so each has its own.
 */
export const defaultCleanupPolicy: CleanupPolicy = {
  enabled: true,
  cadence: "1d",
  keepN: 0,
  olderThan: "30d",
  nameRegexDelete: "(?:content-[0-9a-f]{16}|[0-9a-f]{8}(?:-dirty)?)",
  nameRegexKeep: "(?:latest|v.+|env-.+|previous-.+|layers|cache)",
};

const isKeptCount: Validator<number> = (text) => {
  const count = isOneOf(["0", ...keptCounts.map(String)])(text);
  return count.ok ? valid(Number(count.value)) : count;
};

const isAge = (text: string): Result<string> => (text === "" ? valid("") : isOneOf(ages)(text));

const { cadence, enabled, keepN, nameRegexDelete, nameRegexKeep, olderThan } = defaultCleanupPolicy;

/**
 * The key `cleanupPolicy`.
 *
 * @param findSyntaxProblem why GitLab would not accept an expression. Only `slipway cleanup` checks that: each
 * preview would pay for the parser
 */
export function createCleanupPolicyKey(
  findSyntaxProblem: (pattern: string) => string | undefined = () => undefined,
): KeyDefinition<CleanupPolicy> {
  const isExpression: Validator<string> = (pattern) => {
    const syntax = findSyntaxProblem(pattern);
    const problems = findExpressionProblems(pattern);
    if (syntax !== undefined) problems.push(`is "${pattern}", not an RE2 expression: ${syntax}.`);
    return problems.length > 0 ? invalid(...problems) : valid(pattern);
  };
  const isDeleteExpression: Validator<string> = (pattern) =>
    pattern === ""
      ? invalid("is empty, so nothing would be deleted. Use `enabled: false` for that.")
      : isExpression(pattern);
  return structuredKey({
    description:
      "Which tags GitLab deletes from the project's registry; `slipway cleanup` shows and sets it. It applies to all stacks, so change it in Pulumi.yaml",
    default: defaultCleanupPolicy,
    example: "--path 'cleanupPolicy.olderThan' 30d",
    // In a stack's file it would replace the whole policy of Pulumi.yaml.
    remedy: "change it in Pulumi.yaml, for all stacks",
    structure: object<CleanupPolicy>({
      enabled: withDefault("Whether GitLab runs the policy", scalar(isBoolean), enabled),
      cadence: withDefault("How often it runs", scalar<string>(isOneOf(cadences)), cadence),
      keepN: withDefault(
        "Number of newest tags to keep of those that could be deleted; 0 for none",
        scalar(isKeptCount),
        keepN,
      ),
      olderThan: withDefault(
        "Delete only tags that are older; empty for any age",
        scalar(isAge),
        olderThan,
      ),
      nameRegexDelete: withDefault(
        "Delete only tags whose whole name matches",
        scalar(isDeleteExpression),
        nameRegexDelete,
      ),
      nameRegexKeep: withDefault(
        "Keep tags whose whole name matches; empty for none",
        scalar(isExpression),
        nameRegexKeep,
      ),
    }),
  });
}

/** The key `cleanupPolicy`. */
export const cleanupPolicyKey = createCleanupPolicyKey();

function findExpressionProblems(pattern: string): string[] {
  // GitLab counts characters, not the UTF-16 code units that JavaScript counts.
  const { length } = [...pattern];
  const problems =
    length > expressionLimit
      ? [`has ${length} characters. GitLab stores at most ${expressionLimit}.`]
      : [];
  if (hasTopLevelAlternation(pattern)) {
    problems.push(
      `is "${pattern}", with a \`|\` outside parentheses. GitLab reads \`a|b\` as "begins with a or ends with b". Use \`(?:a|b)\`.`,
    );
  }
  return problems;
}

/** Whether an expression has alternatives outside of any group. */
function hasTopLevelAlternation(pattern: string): boolean {
  let depth = 0;
  // Escaped characters and character classes are one part each.
  for (const [part] of pattern.matchAll(/\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|./gsu)) {
    if (part === "(") depth += 1;
    else if (part === ")") depth -= 1;
    else if (part === "|" && depth === 0) return true;
  }
  return false;
}
