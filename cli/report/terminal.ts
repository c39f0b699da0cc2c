import { styleText } from "node:util";

import { printable } from "../printable";
import { changeKinds, type ChangeKind } from "./changes";
import { describeCounts, describeRest } from "./headline";
import { cutText, type ReportLimits } from "./limits";
import type { Sentence } from "./sentence";
import type { StackReport } from "./stackReport";

/** Number of resources that a terminal shows for each stack. */
const listedResources = 50;

const marks: Readonly<
  Record<ChangeKind, { sign: string; color: "magenta" | "red" | "yellow" | "green" }>
> = {
  replace: { sign: "+-", color: "magenta" },
  delete: { sign: "- ", color: "red" },
  update: { sign: "~ ", color: "yellow" },
  create: { sign: "+ ", color: "green" },
  forget: { sign: ". ", color: "yellow" },
};

/**
 * Renders one stack's section of a report for a terminal or a job's log: names of resources, but not their
 * properties.
 */
export function renderTerminal(
  report: StackReport,
  options: { readonly limits: ReportLimits; readonly color: boolean },
): string {
  const { limits } = options;
  const paint = (color: Parameters<typeof styleText>[0], text: string): string =>
    options.color ? styleText(color, text, { validateStream: false }) : text;
  const width = Math.max(0, ...report.facts.map(({ label }) => label.length));
  const shown = report.changes.slice(0, listedResources);
  const rest = report.changes.length - shown.length;
  return [
    paint("bold", `${printable(report.stack)}: ${describeCounts(report)}`),
    ...(report.failure?.messages ?? []).flatMap((text) =>
      indent(paint("red", cutText(printable(text), limits.message))),
    ),
    ...report.facts.map(({ label, text, attention }) => {
      const line = `  ${label.padEnd(width)}  ${renderSentence(text)}`;
      return attention ? paint("yellow", line) : line;
    }),
    ...shown.map(({ kind, name, type }) => {
      const { sign, color } = marks[kind];
      return `  ${paint(color, `${sign} ${kind.padEnd(kindWidth)} ${printable(name)}`)}  ${printable(type)}`;
    }),
    ...(rest > 0 ? [`  ${describeRest(rest)}`] : []),
    ...report.warnings
      .slice(0, limits.messages)
      .flatMap((text) =>
        indent(paint("yellow", `warning: ${cutText(printable(text), limits.message)}`)),
      ),
  ].join("\n");
}

const kindWidth = Math.max(...changeKinds.map((kind) => kind.length));

function renderSentence(sentence: Sentence): string {
  return sentence
    .map((span) => (typeof span === "string" ? span : `\`${printable(span.value)}\``))
    .join("")
    .trim();
}

function indent(text: string): string[] {
  return text.split("\n").map((line) => `  ${line}`);
}
