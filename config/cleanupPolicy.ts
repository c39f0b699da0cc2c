import { isBoolean, isOneOf, type Validator, tryParseObject } from "./validators";

/*
 * `cleanupPolicy`: which tags GitLab deletes from the project's container registry. It belongs to the
 * project, not to a stack, so the program only checks it: `slipway cleanup` sets it.
 */

/** What GitLab takes. */
export const cadences = ["1d", "7d", "14d", "1month", "3month"] as const;
export const keptCounts = [1, 5, 10, 25, 50, 100] as const;
export const ages = ["7d", "14d", "30d", "90d"] as const;

/** Most characters that GitLab stores of an expression. */
const expressionLimit = 255;

/** A project's cleanup policy. */
export interface CleanupPolicy {
  /** Whether GitLab runs it. */
  readonly enabled: boolean;
  /** How often. */
  readonly cadence: string;
  /** How many of the newest tags stay, of those that could go; 0 for none. */
  readonly keepN: number;
  /** Only older tags go; empty for any age. */
  readonly olderThan: string;
  /** Only tags whose whole name matches go. */
  readonly nameRegexDelete: string;
  /** Tags whose whole name matches stay; empty for none. */
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

/** What is wrong with a policy. Whether its expressions are RE2 is for `slipway cleanup` to find. */
export const findCleanupPolicyProblems: Validator = (value) => {
  const given = tryParseObject(value);
  if (given === undefined) return ["is not an object such as { olderThan: 30d }."];
  return Object.entries(given).flatMap(([field, content]) => {
    const findProblems = Object.hasOwn(fieldRules, field)
      ? fieldRules[field as keyof CleanupPolicy]
      : undefined;
    if (findProblems === undefined) {
      const known = Object.keys(fieldRules).map((name) => `\`${name}\``);
      return [`has "${field}". It may have ${known.join(", ")}.`];
    }
    const isScalar = ["string", "number", "boolean"].includes(typeof content);
    return isScalar
      ? findProblems(String(content)).map((problem) => `has \`${field}\`, which ${problem}`)
      : [`has \`${field}\`, which is neither text nor a number.`];
  });
};

/** The policy that a value stands for, which was checked. What it lacks is the default's. */
export function readCleanupPolicy(value: string): CleanupPolicy {
  const given = (tryParseObject(value) ?? {}) as Partial<Record<keyof CleanupPolicy, Scalar>>;
  const text = (field: keyof CleanupPolicy): string =>
    String(given[field] ?? defaultCleanupPolicy[field]);
  return {
    enabled: text("enabled") === "true",
    cadence: text("cadence"),
    keepN: Number(text("keepN")),
    olderThan: text("olderThan"),
    nameRegexDelete: text("nameRegexDelete"),
    nameRegexKeep: text("nameRegexKeep"),
  };
}

/** As a policy is written: Pulumi makes numbers of text that looks like one. */
type Scalar = string | number | boolean;

const fieldRules: Record<keyof CleanupPolicy, Validator> = {
  enabled: isBoolean,
  cadence: isOneOf(cadences),
  keepN: isOneOf(["0", ...keptCounts.map(String)]),
  olderThan: (value) => (value === "" ? [] : isOneOf(ages)(value)),
  nameRegexDelete: (value) =>
    value === ""
      ? ["is empty, so nothing would be deleted. Use `enabled: false` for that."]
      : findExpressionProblems(value),
  nameRegexKeep: findExpressionProblems,
};

function findExpressionProblems(pattern: string): string[] {
  // GitLab counts characters, not the halves that some have in JavaScript.
  const { length } = [...pattern];
  const problems =
    length > expressionLimit
      ? [`has ${length} characters. GitLab stores ${expressionLimit} at most.`]
      : [];
  if (hasTopLevelAlternation(pattern)) {
    problems.push(
      `is "${pattern}", with a \`|\` outside parentheses: to GitLab, \`a|b\` is what begins with "a" or ends with "b". Use \`(?:a|b)\`.`,
    );
  }
  return problems;
}

/** Whether an expression has alternatives that no group holds together. */
function hasTopLevelAlternation(pattern: string): boolean {
  let depth = 0;
  // What is escaped, and what is in brackets, stands for itself.
  for (const [part] of pattern.matchAll(/\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|./gsu)) {
    if (part === "(") depth += 1;
    else if (part === ")") depth -= 1;
    else if (part === "|" && depth === 0) return true;
  }
  return false;
}
