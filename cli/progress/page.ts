import { styleText } from "node:util";

import { marks } from "../doctor/report";
import { printableLine } from "../printable";
import type { TerminalLine } from "../terminal";
import { describeDuration, describeElapsed } from "./duration";
import { phaseNames, type PhaseState } from "./phase";
import type { PhaseView } from "./updateProgress";
import { cutToColumns } from "./width";

/** What the page shows of an update. */
export interface Page {
  /** The first line, such as `Updating dev`. */
  readonly title: string;
  readonly state: PhaseState;
  readonly elapsedMs: number;
  /** What happens besides the phases; empty if nothing. */
  readonly activity: string;
  readonly phases: readonly PhaseView[];
}

/** The space for a page. */
export interface PageSize {
  readonly columns: number;
  /** Lines that can be drawn again; undefined if the page is drawn for the last time. */
  readonly rows: number | undefined;
  readonly color: boolean;
}

type Style = Parameters<typeof styleText>[0];

interface Span {
  readonly text: string;
  readonly style?: Style;
}

/** A line of a phase, or of a build's log below it. */
type Row = readonly [mark: Span, name: string, time: string, text: string] | Span;

const phaseMarks: Readonly<Record<PhaseState, Span>> = {
  waiting: { text: "    " },
  running: { text: "... " },
  ok: { text: marks.ok, style: "green" },
  failed: { text: marks.failed, style: "red" },
};

const nameWidth = Math.max(...phaseNames.map((name) => name.length));
/** Width of `9.9 s`, so that the text beside it does not move with the second digit. */
const leastTimeWidth = 5;

/** Renders the page of an update: a line for each phase, cut to the terminal's width. */
export function renderPage(page: Page, size: PageSize): readonly TerminalLine[] {
  const { rows: most } = size;
  const head = renderHead(page, most === undefined);
  const rows = most === undefined ? listOver(page) : fit(page.phases, most - 1);
  const timeWidth = Math.max(
    leastTimeWidth,
    ...rows.map((row) => ("text" in row ? 0 : row[2].length)),
  );
  const lines = rows.map((row): readonly Span[] => {
    if ("text" in row) return [row];
    const [mark, name, time, text] = row;
    const rest = ` ${name.padEnd(nameWidth)}  ${time.padEnd(timeWidth)}  ${text}`;
    return [mark, { text: rest.trimEnd() }];
  });
  return [[head], ...lines].map((line) => renderLine(line, size));
}

function renderHead({ activity, elapsedMs, state, title }: Page, isOver: boolean): Span {
  const time = isOver ? describeDuration(elapsedMs) : describeElapsed(elapsedMs);
  const text = [`${title}, ${time}`, isOver ? "" : activity].filter(Boolean).join(": ");
  return { text, style: state === "failed" ? ["bold", "red"] : "bold" };
}

/**
 * Lists the phases of an update that runs. If they are too many for the terminal, those that say least are left out: the
 * lines of the build, then what is still to come, then what is done.
 */
function fit(phases: readonly PhaseView[], most: number): readonly Row[] {
  const room = most - phases.length;
  if (room >= 0) {
    return phases.flatMap((phase) => [
      createRow(phase),
      ...phase.lines.slice(Math.max(0, phase.lines.length - room)).map(createLogRow),
    ]);
  }
  const begun = phases.filter(({ state }) => state !== "waiting");
  const shown = begun.length <= most ? begun : begun.filter(({ state }) => state !== "ok");
  return shown.slice(0, Math.max(0, most)).map(createRow);
}

/** Lists the phases of an update that is over. If it failed on the way, what it did not come to is shown as skipped. */
function listOver({ phases, state }: Page): readonly Row[] {
  const begun = phases.filter((phase) => phase.state !== "waiting");
  if (state === "ok" || begun.length === 0) return begun.map(createRow);
  return phases.map((phase) =>
    phase.state === "waiting" ? [{ text: marks.skipped }, phase.name, "", ""] : createRow(phase),
  );
}

function createRow({ busyMs, name, state, text }: PhaseView): Row {
  return [phaseMarks[state], name, describeTime(state, busyMs), text];
}

function describeTime(state: PhaseState, busyMs: number | undefined): string {
  if (busyMs === undefined) return "";
  if (state === "running") return describeElapsed(busyMs);
  // The engine's log is read ten times a second: what began and ended in between took no time that is known.
  return busyMs === 0 ? "" : describeDuration(busyMs);
}

function createLogRow(text: string): Row {
  return { text: `     | ${text}`, style: "dim" };
}

/** Cuts a line to the width of the terminal, and then colours it. */
function renderLine(line: readonly Span[], { color, columns }: PageSize): TerminalLine {
  let used = 0;
  const parts = line.map(({ style, text: whole }) => {
    // A character in the last column would make some terminals begin a new line.
    const { text, width } = cutToColumns(printableLine(whole), columns - 1 - used);
    used += width;
    return color && style !== undefined ? styleText(style, text, { validateStream: false }) : text;
  });
  return { text: parts.join(""), width: used };
}
