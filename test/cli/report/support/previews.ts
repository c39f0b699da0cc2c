import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { createStackReport, type StackReport } from "../../../../cli/report/stackReport";
import type { PreviewResult, Step } from "../../../../cli/report/previewJson";

const fixtures = join(__dirname, "..", "fixtures");

/** Names of the recorded previews: fixtures/README.md says what each is. */
export const recorded = [
  "create",
  "unchanged",
  "edit",
  "build-argument",
  "scale",
  "rotate",
  "replace",
  "pin",
  "delete",
  "failed-configuration",
  "failed-provider",
  "failed-before",
] as const;

/** What the recorded preview wrote to standard output and standard error. */
export function readRecorded(name: (typeof recorded)[number]): { json: string; errors: string } {
  const errors = join(fixtures, `${name}.err`);
  return {
    json: readFileSync(join(fixtures, `${name}.json`), "utf8"),
    errors: existsSync(errors) ? readFileSync(errors, "utf8") : "",
  };
}

/** The report of a recorded preview, at a time of 113 days before its tokens end. */
export function reportRecorded(name: (typeof recorded)[number]): StackReport {
  return report(readRecorded(name), { name });
}

/** The report of a preview. */
export function report(
  preview: { json: string; errors?: string },
  options: { name?: string; now?: string; mask?: (text: string) => string } = {},
): StackReport {
  const { name = "dev", now = "2026-11-24T00:00:00Z", mask = (text: string) => text } = options;
  return createStackReport(
    { name, json: preview.json, errors: preview.errors ?? "" },
    { now: new Date(now), warnDays: 14, mask },
  );
}

/** A preview in JSON with these steps; it came to its end. */
export function previewOf(
  steps: readonly Partial<Step>[],
  rest: Partial<PreviewResult> = {},
): string {
  return JSON.stringify({ steps, changeSummary: { same: 0 }, ...rest });
}

/** A step on a resource `name` of type `type`. */
export function stepOf(
  op: string,
  options: {
    name?: string;
    type?: string;
    before?: Record<string, unknown>;
    after?: Record<string, unknown>;
  } & Partial<Step> = {},
): Step {
  const { name = "thing", type = "pkg:index:Thing", before, after, ...rest } = options;
  const state = (inputs: Record<string, unknown>) => ({
    type,
    custom: true,
    inputs,
    outputs: inputs,
  });
  return {
    op,
    urn: `urn:pulumi:dev::gatsby-site::${type}::${name}`,
    oldState: before && state(before),
    newState: after && state(after),
    ...rest,
  };
}
