import { existsSync, readFileSync } from "node:fs";

import { tryParseJson } from "../../components/json";

/** What the engine says of a resource's step. */
interface StepMetadata {
  readonly op?: string;
  readonly type?: string;
  readonly new?: {
    readonly inputs?: {
      readonly metadata?: { readonly name?: string; readonly namespace?: string };
    };
  };
}

interface Step {
  readonly metadata?: StepMetadata;
  /** Whether it is a step of a preview. */
  readonly planning?: boolean;
}

/** A message of the engine, of a plugin or of the program. */
export interface DiagnosticEvent {
  readonly urn?: string;
  readonly severity?: string;
  readonly message?: string;
  /** Whether Pulumi shows it only for a moment, as the current progress. */
  readonly ephemeral?: boolean;
}

/** An event of Pulumi's engine, as far as commands read it. */
export interface EngineEvent {
  /** In seconds since 1970. */
  readonly timestamp?: number;
  readonly diagnosticEvent?: DiagnosticEvent;
  /** A step begins. */
  readonly resourcePreEvent?: Step;
  /** A step has ended. */
  readonly resOutputsEvent?: Step;
}

/**
 * Reads events of some kinds from the engine's event log.
 *
 * @param file the log, one line of JSON an event; it need not exist. The last line of an update that runs, or was killed,
 *   may be incomplete
 */
export function readEngineEvents(
  file: string,
  ...kinds: readonly Exclude<keyof EngineEvent, "timestamp">[]
): EngineEvent[] {
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  return text
    .split("\n")
    .filter((line) => kinds.some((kind) => line.includes(`"${kind}"`)))
    .map((line) => (tryParseJson(line) ?? {}) as EngineEvent);
}
