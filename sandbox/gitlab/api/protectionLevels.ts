import {
  protectionLevels,
  type ProtectionLevel,
  type ProtectionRule,
  type ProtectionRuleArgs,
} from "../model/protectionRules";
import { optional } from "../http/parameters";

/** Parses the role that a rule requires. */
export function protectionLevel(
  given: unknown,
): { value: ProtectionLevel } | { problem: "does not have a valid value" } {
  return isLevel(given) ? { value: given } : { problem: "does not have a valid value" };
}

/** Parses a change of the role; an empty string removes it. */
function protectionLevelOrNone(
  given: unknown,
): ReturnType<typeof protectionLevel> | { value: null } {
  return given === "" ? { value: null } : protectionLevel(given);
}

function isLevel(given: unknown): given is ProtectionLevel {
  return typeof given === "string" && Object.hasOwn(protectionLevels, given);
}

/** Parameters for changing the levels of a rule. */
export const levelChanges = {
  minimum_access_level_for_push: optional(protectionLevelOrNone),
  minimum_access_level_for_delete: optional(protectionLevelOrNone),
};

/** Returns the changed rule; missing parameters don't change it. */
export function changeRule(
  rule: ProtectionRule,
  pattern: string | undefined,
  given: {
    readonly minimum_access_level_for_push?: ProtectionLevel | null | undefined;
    readonly minimum_access_level_for_delete?: ProtectionLevel | null | undefined;
  },
): ProtectionRuleArgs {
  const { minimum_access_level_for_push: push, minimum_access_level_for_delete: deletion } = given;
  return {
    pattern: pattern ?? rule.pattern,
    pushLevel: push === undefined ? rule.pushLevel : push,
    deleteLevel: deletion === undefined ? rule.deleteLevel : deletion,
  };
}

/** Renders the levels of a rule as the API shows them. */
export function renderLevels({ pushLevel, deleteLevel }: ProtectionRule): object {
  return {
    minimum_access_level_for_push: pushLevel,
    minimum_access_level_for_delete: deleteLevel,
  };
}
