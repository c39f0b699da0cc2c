/** Whether the instant is within the two, both included; undefined is no bound. */
export function isWithin(
  at: string,
  after: string | undefined,
  before: string | undefined,
): boolean {
  return (after === undefined || at >= after) && (before === undefined || at <= before);
}
