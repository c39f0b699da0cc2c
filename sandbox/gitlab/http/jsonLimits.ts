const maximumDepth = 32;
const maximumLength = 50_000;
const maximumElements = 100_000;

/**
 * Checks GitLab's limits on the structure of JSON, which apply before the route is known. The size of a body is not
 * limited. Every key and every value counts as an element.
 *
 * @returns GitLab's message, or `undefined` if there is no problem
 */
export function findJsonProblem(value: unknown): string | undefined {
  // Not recursive, because the nesting may be too deep for that.
  const open: { readonly value: unknown; readonly depth: number }[] = [{ value, depth: 0 }];
  let elements = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next.value !== "object" || next.value === null) continue;
    if (next.depth >= maximumDepth) return "Parameters nested too deeply";
    const list = Array.isArray(next.value);
    const items: unknown[] = Object.values(next.value);
    if (items.length > maximumLength) {
      return list ? "Array parameter too large" : "Hash parameter too large";
    }
    elements += list ? items.length : 2 * items.length;
    if (elements > maximumElements) return "Too many total parameters";
    for (const item of items) open.push({ value: item, depth: next.depth + 1 });
  }
  return undefined;
}
