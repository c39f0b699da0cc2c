import { stripVTControlCharacters } from "node:util";

import { refusedLogin } from "../../components/registry/gitlabRemedies";
import { type DiagnosticEvent, readEngineEvents } from "./engineEvents";
import { isImage, parseUrn } from "./resourceTypes";

/** The errors of an update. */
export interface Failures {
  /** All errors, as Pulumi words them. */
  readonly errors: readonly string[];
  /** Errors of GitLab's API or registry. */
  readonly gitlab: readonly string[];
  /** The last lines of each failed build's log. */
  readonly builds: readonly string[];
}

/** A failed step explains the error in its last lines. The log above has the others. */
const buildLinesShown = 20;

/** Reads the errors of an update from Pulumi's event log. */
export function readFailures(file: string): Failures {
  const events = readEngineEvents(file, "diagnosticEvent").flatMap(
    (event) => event.diagnosticEvent ?? [],
  );
  const errors = events.filter(({ severity }) => severity === "error");
  const failed = new Set(errors.flatMap(({ urn }) => (urn && isBuild(urn) ? [urn] : [])));
  return {
    errors: errors.map(({ message = "" }) => clean(message)),
    gitlab: errors.flatMap(({ message = "" }) => (isOfGitLab(message) ? [message] : [])),
    builds: [...failed].map((urn) => readBuildLog(events, urn)).filter((text) => text !== ""),
  };
}

/** Reads the last lines of a build's log. Pulumi itself keeps only the result of a build. */
function readBuildLog(events: readonly DiagnosticEvent[], urn: string): string {
  return events
    .filter((event) => event.urn === urn && event.ephemeral === true)
    .flatMap(({ message = "" }) => clean(message).split("\n"))
    .filter((line) => line.trim() !== "")
    .slice(-buildLinesShown)
    .join("\n");
}

/** Removes colours: the terminal's codes and Pulumi's own markers. */
export function clean(message: string): string {
  return stripVTControlCharacters(message).replace(/<\{%.*?%\}>/g, "");
}

function isBuild(urn: string): boolean {
  return isImage(parseUrn(urn).type);
}

/** The provider names the call; its resources are of package `gitlab`. */
function isOfGitLab(message: string): boolean {
  return /\/api\/v4\b/.test(message) || message.includes(refusedLogin);
}
