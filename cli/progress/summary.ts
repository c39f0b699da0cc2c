import { describeCounts } from "./phase";
import type { UpdateResult } from "./updateProgress";

/** What the summary of an update has besides its result. */
export interface SummaryFacts {
  /** Page of the update in Pulumi Cloud; undefined with other backends. */
  readonly permalink: string | undefined;
  /** Commands that take a new release further. */
  readonly promotions: readonly string[];
}

/** Renders what came out of an update, and what to do next. */
export function renderSummary(
  { changes, formerOutputs, outputs }: UpdateResult,
  { permalink, promotions }: SummaryFacts,
): string {
  const isNew = outputs.digest !== formerOutputs.digest;
  const facts = [
    ["site", readText(outputs.url)],
    ["image", readText(outputs.digest)],
    ["changes", describeCounts(changes)],
    ["details", permalink],
    ...(isNew ? promotions : []).map((command) => ["next", command] as const),
  ] as const;
  return facts
    .flatMap(([name, text]) => (text ? [`${`${name}:`.padEnd(nameWidth)} ${text}`] : []))
    .join("\n");
}

/** Width of `changes:`. */
const nameWidth = 8;

function readText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
