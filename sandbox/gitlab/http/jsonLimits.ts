const maximumDepth = 32;
const maximumLength = 50_000;
const maximumElements = 100_000;

/**
 * GitLab's limits on the structure of JSON, which it checks before it looks at the route. A body's size is not
 * among them: an endpoint sees also what is huge. Every key and every value is an element.
 *
 * @returns what GitLab says of it, or undefined
 */
export function findJsonProblem(value: unknown): string | undefined {
  // Not by recursion: what is nested too deeply for that is what this is for.
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
