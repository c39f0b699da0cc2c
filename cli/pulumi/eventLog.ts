import { existsSync, readFileSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";

import { refusedLogin } from "../../components/registry/gitlabRemedies";
import { isImage, parseUrn } from "./resourceTypes";

interface DiagnosticEvent {
  readonly urn?: string;
  readonly severity?: string;
  readonly message?: string;
  /** Whether Pulumi shows it in passing only, as the state of what it does just then. */
  readonly ephemeral?: boolean;
}

/** What went wrong in an update. */
export interface Failures {
  /** All errors, as Pulumi words them. */
  readonly errors: readonly string[];
  /** Errors that GitLab's API or registry gave. */
  readonly gitlab: readonly string[];
  /** Of each build that failed the last lines that it wrote. */
  readonly builds: readonly string[];
}

/** A failing step says why at its end; what is before is in the log above. */
const buildLinesShown = 20;

/** Reads what went wrong out of Pulumi's log of events. */
export function readFailures(file: string): Failures {
  const events = existsSync(file) ? readEvents(readFileSync(file, "utf8")) : [];
  const errors = events.filter(({ severity }) => severity === "error");
  const failed = new Set(errors.flatMap(({ urn }) => (urn && isBuild(urn) ? [urn] : [])));
  return {
    errors: errors.map(({ message = "" }) => clean(message)),
    gitlab: errors.flatMap(({ message = "" }) => (isOfGitLab(message) ? [message] : [])),
    builds: [...failed].map((urn) => readBuildLog(events, urn)).filter((text) => text !== ""),
  };
}

/** Pulumi writes the result of a build, and forgets how it got there. */
function readBuildLog(events: readonly DiagnosticEvent[], urn: string): string {
  return events
    .filter((event) => event.urn === urn && event.ephemeral === true)
    .flatMap(({ message = "" }) => clean(message).split("\n"))
    .filter((line) => line.trim() !== "")
    .slice(-buildLinesShown)
    .join("\n");
}

/** Without colours, neither a terminal's nor Pulumi's own marks for them. */
function clean(message: string): string {
  return stripVTControlCharacters(message).replace(/<\{%.*?%\}>/g, "");
}

function isBuild(urn: string): boolean {
  return isImage(parseUrn(urn).type);
}

/** The provider names the call; its resources are of package `gitlab`. */
function isOfGitLab(message: string): boolean {
  return /\/api\/v4\b/.test(message) || message.includes(refusedLogin);
}

/** The log of a killed update may end within a line. */
function readEvents(text: string): DiagnosticEvent[] {
  return text.split("\n").flatMap((line) => tryParse(line)?.diagnosticEvent ?? []);
}

function tryParse(line: string): { readonly diagnosticEvent?: DiagnosticEvent } | undefined {
  try {
    return JSON.parse(line) as { diagnosticEvent?: DiagnosticEvent };
  } catch {
    return undefined;
  }
}
