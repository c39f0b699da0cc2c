import { callers, type Answer, type CallerName } from "./world";

/**
 * The statuses that every caller gets, in the order of `callers`: nobody, stranger, guest, reporter,
 * developer, maintainer, owner, admin.
 */
export async function statusesFor(
  call: (caller: CallerName) => Promise<Answer>,
): Promise<number[]> {
  const statuses: number[] = [];
  // One after the other: what one does may be in the way of the next.
  for (const caller of callers) statuses.push((await call(caller)).status);
  return statuses;
}
