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

type Line = readonly Span[];

const phaseMarks: Readonly<Record<PhaseState, string>> = {
  waiting: "    ",
  running: "... ",
  ok: marks.ok,
  failed: marks.failed,
};

const styles: Readonly<Partial<Record<PhaseState, Style>>> = { ok: "green", failed: "red" };

const nameWidth = Math.max(...phaseNames.map((name) => name.length));
/** Width of `59 min 59 s`. */
const timeWidth = 11;

/** Renders the page of an update: a line for each phase, cut to the terminal's width. */
export function renderPage(page: Page, size: PageSize): readonly TerminalLine[] {
  const { rows } = size;
  const head = renderHead(page, rows === undefined);
  const lines = rows === undefined ? listOver(page) : fit(page.phases, rows - 1);
  return [head, ...lines].map((line) => renderLine(line, size));
}

function renderHead({ activity, elapsedMs, state, title }: Page, isOver: boolean): Line {
  const time = isOver ? describeDuration(elapsedMs) : describeElapsed(elapsedMs);
  const text = [`${title}, ${time}`, isOver ? "" : activity].filter(Boolean).join(": ");
  return [{ text, style: state === "failed" ? ["bold", "red"] : "bold" }];
}

/**
 * Renders the phases of an update that runs. If they are too many for the terminal, those that say least are left out: the
 * lines of the build, then what is still to come, then what is done.
 */
function fit(phases: readonly PhaseView[], rows: number): readonly Line[] {
  const whole = phases.flatMap((phase) => [renderPhase(phase), ...phase.lines.map(renderLogLine)]);
  if (whole.length <= rows) return whole;
  const room = rows - phases.length;
  if (room >= 0) {
    return phases.flatMap((phase) => {
      const last = room === 0 ? [] : phase.lines.slice(-room);
      return [renderPhase(phase), ...last.map(renderLogLine)];
    });
  }
  const begun = phases.filter(({ state }) => state !== "waiting");
  const shown = begun.length <= rows ? begun : begun.filter(({ state }) => state !== "ok");
  return shown.map(renderPhase).slice(0, Math.max(0, rows));
}

function renderPhase({ busyMs, name, state, text }: PhaseView): Line {
  const isRunning = state === "running";
  const time =
    busyMs === undefined ? "" : isRunning ? describeElapsed(busyMs) : describeDuration(busyMs);
  return renderColumns(phaseMarks[state], styles[state], name, time, text);
}

/** Renders the phases of an update that is over. If it failed on the way, what it did not come to is shown as skipped. */
function listOver({ phases, state }: Page): readonly Line[] {
  const begun = phases.filter((phase) => phase.state !== "waiting");
  if (state === "ok" || begun.length === 0) return begun.map(renderPhase);
  return phases.map((phase) =>
    phase.state === "waiting"
      ? renderColumns(marks.skipped, undefined, phase.name, "", "")
      : renderPhase(phase),
  );
}

function renderColumns(
  mark: string,
  style: Style | undefined,
  name: string,
  time: string,
  text: string,
): Line {
  const rest = ` ${name.padEnd(nameWidth)}  ${time.padEnd(timeWidth)}  ${text}`;
  return [{ text: mark, style }, { text: rest.trimEnd() }];
}

function renderLogLine(text: string): Line {
  return [{ text: `     | ${text}`, style: "dim" }];
}

/** Cuts a line to the width of the terminal, and then colours it. */
function renderLine(line: Line, { color, columns }: PageSize): TerminalLine {
  let used = 0;
  const parts = line.map(({ style, text: whole }) => {
    // A character in the last column would make some terminals begin a new line.
    const { text, width } = cutToColumns(printableLine(whole), columns - 1 - used);
    used += width;
    return color && style !== undefined ? styleText(style, text, { validateStream: false }) : text;
  });
  return { text: parts.join(""), width: used };
}
