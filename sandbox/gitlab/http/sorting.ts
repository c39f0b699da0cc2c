/** Directions in which lists can be sorted. */
export const directions = ["asc", "desc"] as const;
export type Direction = (typeof directions)[number];

/** Sorts the items by a value, and equal ones by id in the same direction, so that pages don't overlap. */
export function sortBy<T extends { readonly id: number }>(
  items: readonly T[],
  valueOf: (item: T) => string | number,
  direction: Direction,
): T[] {
  const sign = direction === "asc" ? 1 : -1;
  return items.toSorted((one, other) => {
    const [first, second] = [valueOf(one), valueOf(other)];
    return sign * (first < second ? -1 : first > second ? 1 : one.id - other.id);
  });
}

/** Whether the instant is between the two, both included. An undefined bound does not limit. */
export function isWithin(
  at: string,
  after: string | undefined,
  before: string | undefined,
): boolean {
  return (after === undefined || at >= after) && (before === undefined || at <= before);
}
