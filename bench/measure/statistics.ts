/** Median of values, their smallest and their largest. */
export interface Spread {
  readonly median: number;
  readonly smallest: number;
  readonly largest: number;
}

/** Computes the median and the spread of values; of an even number of values the median is the middle two's mean. */
export function computeSpread(values: readonly number[]): Spread {
  if (values.length === 0) throw new Error("A spread needs at least one value.");
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return { median: (low + high) / 2, smallest: sorted[0], largest: sorted[sorted.length - 1] };
}

/** Divides each value by the one that was measured beside it. */
export function computeRatios(own: readonly number[], peer: readonly number[]): number[] {
  if (own.length !== peer.length) {
    throw new Error(
      `${own.length} values can't be compared with ${peer.length}: pairs are needed.`,
    );
  }
  return own.map((value, index) => value / peer[index]);
}

/** What was measured at one size of something that grows. */
export interface Point {
  readonly size: number;
  readonly value: number;
}

/** A bend is reported if a unit costs so many times what it cost before. */
const bendFactor = 1.5;

/** Smaller differences between two points, relative to the larger one, say nothing. */
const noise = 0.2;

/**
 * Finds where a cost that grows with a size begins to grow faster than before: where a further unit costs clearly more
 * than one did up to there.
 *
 * @param points by size
 * @param floor smaller differences say nothing either, such as those of a process's start
 * @returns the size from which on it grows faster, and how many times as fast
 */
export function findBend(
  points: readonly Point[],
  floor = 0,
): { readonly from: number; readonly factor: number } | undefined {
  let before: number | undefined;
  for (const [index, point] of points.entries()) {
    const last = points[index - 1];
    if (last === undefined) continue;
    const difference = point.value - last.value;
    if (difference < Math.max(floor, noise * point.value)) continue;
    const each = difference / (point.size - last.size);
    // The first steps may be hidden in what it costs anyway: the mean up to here is then the best guess.
    const usual = before ?? last.value / last.size;
    if (each > bendFactor * usual) return { from: last.size, factor: each / usual };
    before = each;
  }
  return undefined;
}
