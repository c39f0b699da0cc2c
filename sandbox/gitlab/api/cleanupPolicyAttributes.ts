import { invalidParameters } from "../errors";
import { ages, cadences, keptCounts, type CleanupPolicy } from "../model/cleanupPolicies";
import { boolean, integer, text } from "../http/parameters";
import { findExpressionProblem } from "../regex";

/** The attributes of a policy that a request sets. Null clears a field, and a missing field doesn't change. */
export type PolicyAttributes = { readonly [F in keyof CleanupPolicy]?: CleanupPolicy[F] | null };

const fields = {
  cadence: { field: "cadence", read: text },
  enabled: { field: "enabled", read: boolean },
  keep_n: { field: "keepN", read: integer },
  older_than: { field: "olderThan", read: text },
  name_regex: { field: "nameRegex", read: text },
  name_regex_delete: { field: "nameRegexDelete", read: text },
  name_regex_keep: { field: "nameRegexKeep", read: text },
} as const;

const parameter = "container_expiration_policy_attributes";
const maximumLength = 255;

/** Reads `container_expiration_policy_attributes`. */
export function policyAttributes(
  given: unknown,
): { value: PolicyAttributes } | { problem: "is invalid" } {
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    return { problem: "is invalid" };
  }
  const attributes: Record<string, unknown> = {};
  for (const [name, { field, read }] of Object.entries(fields)) {
    const value = Object.hasOwn(given, name) ? (given as Record<string, unknown>)[name] : undefined;
    if (value === undefined) continue;
    // An empty string clears a number or a boolean.
    const isNone = value === null || (value === "" && read !== text);
    const reading = isNone ? { value: null } : read(value);
    if ("problem" in reading) throw invalidParameters(`${parameter}[${name}] ${reading.problem}`);
    attributes[field] = reading.value;
  }
  return { value: attributes };
}

/** Returns the policy with the attributes that a request sets. */
export function mergePolicy(policy: CleanupPolicy, attributes: PolicyAttributes): CleanupPolicy {
  const merged = { ...policy, ...attributes };
  return { ...merged, cadence: merged.cadence ?? "", enabled: merged.enabled ?? false };
}

/** Returns the problems of a policy, by field. GitLab compiles the expressions only if the policy is enabled. */
export function findPolicyProblems(policy: CleanupPolicy): Record<string, string[]> {
  const problems: Record<string, string[]> = {};
  const add = (field: string, problem: string): void => {
    (problems[`container_expiration_policy.${field}`] ??= []).push(problem);
  };
  if (policy.cadence === "") add("cadence", "can't be blank");
  checkChoice("cadence", policy.cadence, cadences, add);
  checkChoice("keep_n", policy.keepN, keptCounts, add);
  checkChoice("older_than", policy.olderThan, ages, add);
  for (const [name, pattern] of [
    ["name_regex", policy.nameRegex],
    ["name_regex_delete", policy.nameRegexDelete],
    ["name_regex_keep", policy.nameRegexKeep],
  ] as const) {
    if (pattern === null) continue;
    const problem = policy.enabled ? findExpressionProblem(pattern) : undefined;
    if (problem !== undefined) add(name, `not valid RE2 syntax: ${problem}`);
    if (pattern.length > maximumLength) {
      add(name, `is too long (maximum is ${maximumLength} characters)`);
    }
  }
  return problems;
}

function checkChoice<T>(
  field: string,
  value: T | null,
  allowed: readonly T[],
  add: (field: string, problem: string) => void,
): void {
  if (value !== null && !allowed.includes(value)) add(field, "is not included in the list");
}
