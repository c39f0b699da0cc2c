import { computeSpread } from "./statistics";
import {
  computeRowRatio,
  describeBend,
  formatCount,
  type Growth,
  isMet,
  type Row,
  type Target,
  type Unit,
} from "./row";

/** Renders rows as a Markdown table. */
export function renderRows(rows: readonly Row[]): string {
  return renderTable(
    ["work", "median", "compared with", "its median", "pairs", "ratio (spread)", "to reach", "met"],
    rows.map((row) => {
      const { own, peer, target, unit, work } = row;
      const ratio = computeRowRatio(row);
      const met = isMet(row);
      return [
        work,
        formatValue(computeSpread(own).median, unit),
        peer?.name ?? "",
        peer === undefined ? "" : formatValue(computeSpread(peer.values).median, unit),
        String(own.length),
        ratio === undefined
          ? ""
          : `${format(ratio.median)} (${format(ratio.smallest)} to ${format(ratio.largest)})`,
        target === undefined ? "" : describeTarget(target, unit),
        met === undefined ? "" : met ? "yes" : "**no**",
      ];
    }),
  );
}

/** Renders what grows, a table for each list of sizes. */
export function renderGrowths(growths: readonly Growth[]): string {
  const groups = new Map<string, Growth[]>();
  for (const growth of growths) {
    const key = [growth.of, ...growth.points.map(({ size }) => size)].join();
    groups.set(key, [...(groups.get(key) ?? []), growth]);
  }
  return [...groups.values()].map(renderGroup).join("\n\n");
}

function renderGroup(growths: readonly Growth[]): string {
  const [{ of, points }] = growths;
  return renderTable(
    [of, ...points.map(({ size }) => formatCount(size)), "bends"],
    growths.map((growth) => [
      growth.work,
      ...growth.points.map(({ values }) => formatValue(computeSpread(values).median, growth.unit)),
      describeBend(growth),
    ]),
  );
}

/** Renders a Markdown table whose columns are aligned, for the terminal. */
export function renderTable(head: readonly string[], body: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(3, title.length, ...body.map((row) => row[column].length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...body.map(line)].join("\n");
}

function describeTarget({ is, limit, of }: Target, unit: Unit): string {
  return `${is} ${of === "value" ? formatValue(limit, unit) : limit}`;
}

/** A value with three significant digits, and its unit. */
export function formatValue(value: number, unit: Unit): string {
  return `${format(value)} ${unit}`;
}

function format(value: number): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value >= 1000 ? formatCount(Math.round(value)) : value.toFixed(digits);
}
