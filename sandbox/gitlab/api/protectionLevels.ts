import { protectionLevels, type ProtectionLevel } from "../model/protectionRules";

/** Reads the role that a rule asks for. */
export function protectionLevel(
  given: unknown,
): { value: ProtectionLevel } | { problem: "does not have a valid value" } {
  return isLevel(given) ? { value: given } : { problem: "does not have a valid value" };
}

/** Reads a change of it: empty text takes it away. */
export function protectionLevelOrNone(
  given: unknown,
): ReturnType<typeof protectionLevel> | { value: null } {
  return given === "" ? { value: null } : protectionLevel(given);
}

function isLevel(given: unknown): given is ProtectionLevel {
  return typeof given === "string" && Object.hasOwn(protectionLevels, given);
}
