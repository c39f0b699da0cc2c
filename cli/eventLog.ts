import { existsSync, readFileSync } from "node:fs";

import { refusedLogin } from "../components/gitlabRemedy";

interface EngineEvent {
  readonly diagnosticEvent?: { readonly severity?: string; readonly message?: string };
}

/** The errors that an update ended with that GitLab's API or registry gave, out of Pulumi's log of events. */
export function readFailures(file: string): string[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .flatMap((line) => tryParse(line)?.diagnosticEvent ?? [])
    .filter(({ message = "", severity }) => severity === "error" && isOfGitLab(message))
    .map(({ message = "" }) => message);
}

/** The provider names the call; its resources are of package `gitlab`. */
function isOfGitLab(message: string): boolean {
  return /\/api\/v4\b/.test(message) || message.includes(refusedLogin);
}

/** The log of a killed update may end within a line. */
function tryParse(line: string): EngineEvent | undefined {
  try {
    return JSON.parse(line) as EngineEvent;
  } catch {
    return undefined;
  }
}
