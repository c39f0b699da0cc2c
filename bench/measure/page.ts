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
  /** Groups that are not measured yet: the page is written after each, for a run that is ended before its end. */
  readonly left: readonly string[];
}

/** What a person writes on the page. */
export interface Texts {
  /** Why the target of a row is missed, and what would be the next step; by the row's id. */
  readonly remarks: Readonly<Record<string, { readonly why: string; readonly next: string }>>;
  /** What one run can't measure, as it was last measured elsewhere. */
  readonly elsewhere: readonly {
    readonly work: string;
    readonly value: string;
    readonly target: string;
    readonly where: string;
  }[];
  /** What a reader has to know of how rows are measured, a sentence each. */
  readonly notes: readonly string[];
}

/** Renders the page of a whole run. */
export function renderPage(
  report: Report,
  circumstances: Circumstances,
  { elsewhere, notes, remarks }: Texts,
): string {
  const { commit, day, left, machine, minutes } = circumstances;
  const others = elsewhere.map(({ target, value, where, work }) => [work, value, target, where]);
  return [
    "# Results",
    `Written by \`make bench\`, as [README.md](README.md) describes. Commit ${commit}, ${day}, in ${minutes.toFixed(0)} minutes. ${machine}`,
    ...(left.length > 0 ? [`The run was ended before these groups: ${left.join(", ")}.`] : []),
    renderRows(report.rows),
    ...renderFailures(report),
    ...renderMissed(report.rows, remarks),
    "## How cost grows",
    renderGrowths(report.growths),
    ...[...report.sections].flatMap(([title, text]) => [`## ${title}`, text]),
    "## Measured elsewhere",
    "One run can't measure these:",
    renderTable(["work", "took", "to reach", "where"], others),
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
function renderMissed(rows: readonly Row[], remarks: Texts["remarks"]): string[] {
  const missed = rows.filter((row) => isMet(row) === false);
  if (missed.length === 0) return [];
  const lines = missed.map(({ id, work }) => {
    const { next, why } = remarks[id] ?? { why: "Not looked into yet.", next: "find out why." };
    return `- ${work}: ${why} Next: ${next}`;
  });
  return ["## Missed", lines.join("\n")];
}
