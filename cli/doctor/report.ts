import type { Finding, StepResult } from "./step";
import { failureCodes } from "./step";

/** Width of a terminal that every line fits, except for lines to paste. */
const width = 80;

/** How a step ended, in the first four columns. */
export const marks = { ok: "ok  ", failed: "FAIL", skipped: "skip", leftOut: "-   " } as const;

/** Renders one ended step of the checklist, without colours. */
export function renderResult(result: StepResult): string {
  const { detail, findings = [], leftOut, status, step, warnings = [] } = result;
  const head = [step.title, status === "leftOut" ? leftOut : detail].filter(Boolean).join(": ");
  return [
    wrap(`${marks[status]} `, status === "failed" ? step.title : head),
    ...findings.flatMap((finding) => renderFinding("     ", finding)),
    ...warnings.flatMap((warning) => renderFinding("     warning: ", warning)),
  ].join("\n");
}

function renderFinding(start: string, { cause, lines = [], remedy }: Finding): string[] {
  return [
    wrap(start, cause),
    ...lines.map((line) => wrap("       | ", line)),
    // Not wrapped: it is copied.
    `       > ${remedy}`,
  ];
}

/** Breaks a text into lines, each as far from the left as the first one's text. */
function wrap(start: string, text: string): string {
  const room = width - start.length;
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= room) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(word);
  }
  const indent = start.includes("|") ? start : " ".repeat(start.length);
  return lines.map((line, index) => `${index === 0 ? start : indent}${line}`).join("\n");
}

/** The result in one line. */
export function renderVerdict(results: readonly StepResult[]): string {
  const first = results.find(({ status }) => status === "failed");
  const warnings = results.flatMap((result) => result.warnings ?? []).length;
  if (first === undefined) {
    const also =
      warnings === 0 ? "" : `, with ${warnings === 1 ? "a warning" : `${warnings} warnings`}`;
    return `Nothing is wrong${also}.`;
  }
  return `${first.step.title}: ${first.findings?.[0]?.cause ?? "failed"}`;
}

/** The exit code: 0, or that of the class of the first failure. */
export function computeExitCode(results: readonly StepResult[]): number {
  const first = results.find(({ status }) => status === "failed");
  if (first === undefined) return 0;
  return failureCodes[first.findings?.[0]?.failure ?? first.step.failure];
}

/** Renders the results as JSON. */
export function renderJson(results: readonly StepResult[]): string {
  return JSON.stringify(
    {
      verdict: renderVerdict(results),
      exitCode: computeExitCode(results),
      steps: results.map(({ step, ...rest }) => ({ id: step.id, title: step.title, ...rest })),
    },
    undefined,
    2,
  );
}
