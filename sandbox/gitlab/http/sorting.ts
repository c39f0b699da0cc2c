/** Directions in which lists come. */
export const directions = ["asc", "desc"] as const;
export type Direction = (typeof directions)[number];

/** The items by a value of theirs; those that share it by id, in the same direction, so that pages don't overlap. */
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

/** Whether the instant is between the two, both included. Undefined: no bound. */
export function isWithin(
  at: string,
  after: string | undefined,
  before: string | undefined,
): boolean {
  return (after === undefined || at >= after) && (before === undefined || at <= before);
}
