import { existsSync, readFileSync } from "node:fs";

import { tryParseJson } from "../../components/json";

/** A resource before or after a step. */
interface StepState {
  /** Whether it is not a component. */
  readonly custom?: boolean;
  readonly inputs?: {
    readonly metadata?: { readonly name?: string; readonly namespace?: string };
    readonly spec?: { readonly replicas?: number };
  };
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** What the engine says of a resource's step. */
export interface StepMetadata {
  readonly op?: string;
  readonly urn?: string;
  readonly type?: string;
  readonly old?: StepState | null;
  readonly new?: StepState | null;
}

/** A step of an update. */
export interface Step {
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

/** A violation of a policy. */
export interface PolicyEvent {
  readonly resourceUrn?: string;
  readonly message?: string;
  readonly policyName?: string;
  /** `mandatory`, `advisory` or others. */
  readonly enforcementLevel?: string;
}

/** The end of an update or of a preview. */
export interface SummaryEvent {
  /** Number of resources by what was done with them: `same`, `create` and others. */
  readonly resourceChanges?: Readonly<Record<string, number>>;
  readonly isPreview?: boolean;
}

/** A download or an installation of a plugin. */
export interface ProgressEvent {
  readonly message?: string;
  /** Bytes so far. */
  readonly received?: number;
  readonly total?: number;
  readonly done?: boolean;
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
  /** A step has failed. */
  readonly resOpFailedEvent?: Step;
  readonly policyEvent?: PolicyEvent;
  readonly progressEvent?: ProgressEvent;
  /** What the engine itself says, such as that it got a signal. */
  readonly stdoutEvent?: { readonly message?: string };
  readonly summaryEvent?: SummaryEvent;
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
