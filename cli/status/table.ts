import { styleText } from "node:util";

import type { StackOverview } from "./overview";
import { printableLine } from "../printable";
import { columns, cutTo } from "./width";
import {
  type Condition,
  describeAge,
  describeCondition,
  describeDaysLeft,
  findCondition,
  nameRelease,
  shortenDigest,
} from "./words";

/** Maximum widths of the columns but the last, in characters. They leave twelve for the state. */
const widest = [16, 14, 8, 6, 5, 7];
const header = ["stack", "release", "digest", "age", "pods", "token", "state"];
const unknown = "-";
const gap = 2;

/** Colours, which only repeat what the words say. */
const colors: Readonly<Record<Condition, "green" | "red" | "yellow">> = {
  unreadable: "red",
  drift: "red",
  unready: "red",
  empty: "yellow",
  behind: "yellow",
  "partly known": "yellow",
  fine: "green",
};

/** Renders one row for each stack, in 80 columns. */
export function renderTable(
  stacks: readonly StackOverview[],
  { color }: { readonly color: boolean },
): string {
  const rows = [header, ...stacks.map(listCells)].map((cells) =>
    cells.map((cell, column) => cutTo(cell, widest[column] ?? columns)),
  );
  const widths = widest.map((_, column) => Math.max(...rows.map((cells) => cells[column].length)));
  const used = widths.reduce((sum, width) => sum + width + gap, 0);
  return rows
    .map((cells, row) => {
      const state = cutTo(cells[widest.length], columns - used);
      const condition = row === 0 ? undefined : findCondition(stacks[row - 1]);
      return [
        ...widths.map((width, column) => cells[column].padEnd(width)),
        color && condition !== undefined
          ? styleText(colors[condition], state, { validateStream: false })
          : state,
      ].join(" ".repeat(gap));
    })
    .join("\n");
}

function listCells(stack: StackOverview): string[] {
  const { deployed, pods, release, tokens } = stack;
  const next = tokens.map(({ daysLeft }) => daysLeft).sort((a, b) => a - b);
  return [
    stack.stack,
    (release && nameRelease(release)) || unknown,
    release ? shortenDigest(release.digest) : unknown,
    deployed ? describeAge(deployed.ageSeconds) : unknown,
    pods ? `${pods.ready}/${pods.wanted}` : unknown,
    next.length === 0 ? unknown : describeDaysLeft(next[0]),
    describeCondition(stack),
  ].map(printableLine);
}
