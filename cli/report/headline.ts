import { changeKinds } from "./changes";
import { countOf } from "./sentence";
import type { StackReport } from "./stackReport";

/** Summarizes a preview in one line without the stack's name: `2 to replace, 1 to update; 9 unchanged`. */
export function describeCounts(report: StackReport): string {
  if (report.failure !== undefined) return "the preview failed";
  const kept = `${report.unchanged.toLocaleString("en")} unchanged`;
  if (report.changes.length === 0) return `no changes; ${kept}`;
  const parts = changeKinds
    .filter((kind) => report.counts[kind] > 0)
    .map((kind) => `${report.counts[kind].toLocaleString("en")} to ${kind}`);
  return `${parts.join(", ")}; ${kept}`;
}

/** Says how many items a list leaves out, so that it does not look complete. */
export function describeRest(count: number): string {
  return `... and ${countOf(count, "more resource")} not shown here: the preview's JSON has them all.`;
}
