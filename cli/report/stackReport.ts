import { stripVTControlCharacters } from "node:util";

import {
  countChanges,
  countUnchanged,
  listChanges,
  type ChangeCounts,
  type ResourceChange,
} from "./changes";
import { parsePreview, UnreadableDigest, type Diagnostic, type PreviewResult } from "./previewJson";
import { describeImage } from "./imageFact";
import { isDeployment, parseUrn } from "../pulumi/resourceTypes";
import { redact } from "../redact";
import { describeRollout } from "./rolloutFact";
import type { Sentence } from "./sentence";
import { describeTokens } from "./tokenFact";

/** The report about one stack. */
export interface StackReport {
  readonly stack: string;
  /** Present if the preview failed, so that there may be more changes than listed. */
  readonly failure?: Failure;
  readonly changes: readonly ResourceChange[];
  readonly counts: ChangeCounts;
  readonly unchanged: number;
  /** The facts that matter most to a reviewer, one sentence each. */
  readonly facts: readonly Fact[];
  /** The image that the stack runs, with its digest; undefined if it runs none. */
  readonly running?: string;
  /** Warnings, without credentials. */
  readonly warnings: readonly string[];
}

/** Why a preview failed. */
export interface Failure {
  /** Messages, without credentials, because everyone who sees the merge request sees them. */
  readonly messages: readonly string[];
}

/** A sentence and its subject. */
export interface Fact {
  readonly label: "Image" | "Pages" | "Rollout" | "Tokens";
  readonly text: Sentence;
  /** Whether it is a warning. */
  readonly attention: boolean;
}

/** Input of a stack's report. */
export interface StackPreview {
  /** Name if the preview does not contain the stack's: that of its file. */
  readonly name: string;
  /** What the preview wrote to standard output. */
  readonly json: string;
  /** What the preview wrote to standard error. */
  readonly errors: string;
}

/** Creates the report about one stack. */
export function createStackReport(
  preview: StackPreview,
  options: {
    readonly now: Date;
    readonly warnDays: number;
    /** Removes known secrets from a text, which may be JSON or not. `createMask` creates this function. */
    readonly mask: (text: string) => string;
  },
): StackReport {
  // Before anything is cut, because part of a secret would not be recognized.
  const read = tryRead(options.mask(preview.json));
  const digest = read.digest ?? { steps: [], diagnostics: [] };
  const clean = (text: string): string =>
    redact(options.mask(stripVTControlCharacters(text))).trim();
  const failure = findFailure(read, clean(preview.errors), clean);
  const changes = listChanges(digest);
  return {
    stack: findStack(digest) ?? preview.name,
    failure,
    changes,
    counts: countChanges(changes),
    unchanged: countUnchanged(digest),
    // An incomplete preview does not contain these facts.
    running: findRunningImage(digest),
    facts: failure === undefined ? listFacts(digest, changes, options) : [],
    warnings: selectMessages(digest.diagnostics, "warning").map(clean),
  };
}

function tryRead(json: string): { digest?: PreviewResult; reason?: string } {
  try {
    return { digest: parsePreview(json) };
  } catch (error) {
    if (error instanceof UnreadableDigest) return { reason: error.message };
    throw error;
  }
}

/**
 * Returns why a preview failed: its error messages or, if it failed before it had any, what it wrote to standard
 * error. The engine writes a summary even for a failed preview.
 */
function findFailure(
  { digest, reason }: ReturnType<typeof tryRead>,
  errors: string,
  clean: (text: string) => string,
): Failure | undefined {
  const messages = selectMessages(digest?.diagnostics ?? [], "error").map(clean);
  if (messages.length > 0) return { messages };
  const failed = digest?.changeSummary === undefined || /^error:/m.test(errors);
  if (!failed) return undefined;
  if (errors !== "") return { messages: [errors] };
  const why = reason ?? "it was cancelled, or ended early";
  return { messages: [`There is no more to say than that ${why}. See the job's log.`] };
}

function listFacts(
  digest: PreviewResult,
  changes: readonly ResourceChange[],
  options: { now: Date; warnDays: number },
): Fact[] {
  const tokens = describeTokens(digest, changes, options);
  const facts: Fact[] =
    changes.length === 0
      ? []
      : [
          { label: "Image", text: describeImage(changes), attention: false },
          { label: "Rollout", text: describeRollout(changes), attention: false },
        ];
  return tokens === undefined ? facts : [...facts, { label: "Tokens", ...tokens }];
}

/** The image of the first container of the site's Deployment. */
function findRunningImage({ steps }: PreviewResult): string | undefined {
  const old = steps.find(({ oldState }) => oldState !== undefined && isDeployment(oldState.type));
  const spec = old?.oldState?.inputs?.spec as
    { template?: { spec?: { containers?: { image?: unknown }[] } } } | undefined;
  const image = spec?.template?.spec?.containers?.at(0)?.image;
  return typeof image === "string" && image.includes("@sha256:") ? image : undefined;
}

function selectMessages(diagnostics: readonly Diagnostic[], severity: string): string[] {
  return diagnostics
    .filter((one) => one.severity === severity)
    .map(({ urn, message = "" }) => {
      const text = message.replace(/^(error|warning): /, "");
      return urn ? `${parseUrn(urn).name}: ${text}` : text;
    });
}

function findStack({ steps }: PreviewResult): string | undefined {
  const [first] = steps;
  return first && (parseUrn(first.urn).stack || undefined);
}
