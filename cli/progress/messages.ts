import { clean } from "../pulumi/eventLog";
import type { DiagnosticEvent, PolicyEvent } from "../pulumi/engineEvents";
import { parseUrn, stackType } from "../pulumi/resourceTypes";

/** What the engine, a plugin, a policy or the program says to the person. */
export interface Message {
  readonly severity: "error" | "warning" | "info";
  readonly text: string;
}

/** Pulumi's own last words, which say less than the page. */
const lastWords = new Set(["update failed", "preview failed"]);

/** Reads a message; undefined if it is only the current progress, or says nothing. */
export function readDiagnostic(event: DiagnosticEvent): Message | undefined {
  const { ephemeral, message = "", severity = "info", urn = "" } = event;
  const text = clean(message).trim();
  if (ephemeral === true || text === "" || severity === "debug" || lastWords.has(text))
    return undefined;
  const isProblem = severity === "error" || severity === "warning";
  return { severity: isProblem ? severity : "info", text: nameResource(urn) + text };
}

/** Reads a violation of a policy. */
export function readViolation(event: PolicyEvent): Message {
  const { enforcementLevel = "", message = "", policyName = "", resourceUrn = "" } = event;
  const text = `policy ${policyName} (${enforcementLevel}): ${nameResource(resourceUrn)}${clean(message).trim()}`;
  return { severity: enforcementLevel === "mandatory" ? "error" : "warning", text };
}

function nameResource(urn: string): string {
  const { name, type } = parseUrn(urn);
  return name === "" || type === stackType ? "" : `${name}: `;
}
