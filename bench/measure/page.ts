import { measuredElsewhere, notes, remarks } from "../remarks";
import type { Report } from "./report";
import { isMet, type Row } from "./row";
import { renderGrowths, renderRows, renderTable } from "./table";

/** Where and when a run was. */
export interface Circumstances {
  /** Day, as `2026-11-30`. */
  readonly day: string;
  readonly commit: string;
  /** The machine, in a sentence. */
  readonly machine: string;
  readonly minutes: number;
}

/** Renders the page of a whole run. */
export function renderPage(report: Report, circumstances: Circumstances): string {
  const { commit, day, machine, minutes } = circumstances;
  const elsewhere = measuredElsewhere.map(({ target, value, where, work }) => [
    ...[work, value, target, where],
  ]);
  return [
    "# Results",
    `Written by \`make bench\`, as [README.md](README.md) describes. Commit ${commit}, ${day}, in ${minutes.toFixed(0)} minutes. ${machine}`,
    renderRows(report.rows),
    ...renderFailures(report),
    ...renderMissed(report.rows),
    "## How cost grows",
    renderGrowths(report.growths),
    ...[...report.sections].flatMap(([title, text]) => [`## ${title}`, text]),
    "## Measured elsewhere",
    "One run can't measure these:",
    renderTable(["work", "took", "to reach", "where"], elsewhere),
    "## How to read it",
    notes.map((note) => `- ${note}`).join("\n"),
  ].join("\n\n");
}

function renderFailures({ failures }: Report): string[] {
  if (failures.length === 0) return [];
  const lines = failures.map(({ reason, work }) => `- ${work}: ${reason.split("\n")[0]}`);
  return ["## Failed", lines.join("\n")];
}

/** Each missed target, with what was found out about it. */
function renderMissed(rows: readonly Row[]): string[] {
  const missed = rows.filter((row) => isMet(row) === false);
  if (missed.length === 0) return [];
  const lines = missed.map(({ id, work }) => {
    const { next, why } = remarks[id] ?? { why: "Not looked into yet.", next: "find out why." };
    return `- ${work}: ${why} Next: ${next}`;
  });
  return ["## Missed", lines.join("\n")];
}
