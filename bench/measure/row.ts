import { computeRatios, computeSpread, findBend, type Spread } from "./statistics";

/** Unit of measured values. */
export type Unit = "s" | "MiB" | "requests/s" | "ms";

/** What a row is to reach: a value of its own, or a ratio to its peer. */
export interface Target {
  readonly of: "value" | "ratio";
  readonly is: "at most" | "at least";
  readonly limit: number;
}

/** One line of the table. */
export interface Row {
  /** Names the row in remarks.ts. */
  readonly id: string;
  readonly work: string;
  readonly unit: Unit;
  readonly own: readonly number[];
  /** What it is compared with; undefined if with nothing. */
  readonly peer?: { readonly name: string; readonly values: readonly number[] };
  readonly target?: Target;
}

/** How something grows: its value at each size. */
export interface Growth {
  readonly id: string;
  readonly work: string;
  readonly of: string;
  readonly unit: Unit;
  readonly points: readonly { readonly size: number; readonly values: readonly number[] }[];
}

/** A row that could not be measured. */
export interface Failure {
  readonly work: string;
  readonly reason: string;
}

/** Ratios of a row to its peer; undefined if it has none. */
export function computeRowRatio({ own, peer }: Row): Spread | undefined {
  return peer && computeSpread(computeRatios(own, peer.values));
}

/** Whether a row reaches its target; undefined if it has none. */
export function isMet(row: Row): boolean | undefined {
  const { own, target } = row;
  if (target === undefined) return undefined;
  const spread = target.of === "value" ? computeSpread(own) : computeRowRatio(row);
  if (spread === undefined) throw new Error(`Row \`${row.id}\` has a target, but no peer.`);
  return target.is === "at most" ? spread.median <= target.limit : spread.median >= target.limit;
}

/** Differences that are a process's own, and no cost of what grows. */
const floors: Readonly<Record<Unit, number>> = { s: 0.5, MiB: 50, "requests/s": 0, ms: 0 };

/** Says where a cost begins to grow faster. */
export function describeBend({ of, points, unit }: Growth): string {
  const medians = points.map(({ size, values }) => ({ size, value: computeSpread(values).median }));
  const bend = findBend(medians, floors[unit]);
  return bend === undefined
    ? "no"
    : `from ${formatCount(bend.from)} ${of} on: ${bend.factor.toFixed(1)} times as much for each`;
}

/** A number with separators, as tables have it. */
export function formatCount(count: number): string {
  return count.toLocaleString("en-US");
}
