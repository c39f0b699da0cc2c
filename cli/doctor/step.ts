import type { Inspection } from "./inspection";

/** Exit code of `slipway doctor` by the class of the first failure. */
export const failureCodes = {
  configuration: 11,
  network: 12,
  tls: 13,
  access: 14,
  image: 15,
  gitlab: 16,
  cluster: 17,
  deployment: 18,
  state: 19,
} as const;

/** What kind of thing is wrong. */
export type FailureClass = keyof typeof failureCodes;

/** One thing that is wrong, or will be. */
export interface Finding {
  /** The cause, in one sentence. */
  readonly cause: string;
  /** What to do: a line to paste, or a sentence if no line does it. */
  readonly remedy: string;
  /** Further lines, such as the end of a container's log. */
  readonly lines?: readonly string[];
  /** Class of the failure. @default the step's */
  readonly failure?: FailureClass;
}

/** What a step found. */
export interface Outcome {
  /** What was seen, in a few words. */
  readonly detail?: string;
  /** What is wrong; the step fails if there is anything. */
  readonly findings?: readonly Finding[];
  /** What works now and will not for ever. */
  readonly warnings?: readonly Finding[];
  /** Why there is nothing to look at; the steps that depend on this one are left out too. */
  readonly leftOut?: string;
}

/** One step of the diagnosis. */
export interface Step {
  readonly id: string;
  readonly title: string;
  readonly failure: FailureClass;
  /** Steps that must have succeeded, by their ids. */
  readonly dependsOn: readonly string[];
  /** Whether it is about a stack, and not about a registry and a project alone. @default false */
  readonly needsStack?: boolean;
  /** Time limit, in seconds. @default 15 */
  readonly limitSeconds?: number;
  readonly run: (inspection: Inspection) => Promise<Outcome>;
}

/** A step that has ended. */
export interface StepResult extends Outcome {
  readonly step: Step;
  /** `skipped`: a step that it depends on failed. `leftOut`: there is nothing to look at. */
  readonly status: "ok" | "failed" | "skipped" | "leftOut";
  readonly milliseconds: number;
}
