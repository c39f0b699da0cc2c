/** Changes every text in a value, such as an overview, before anything renders it. */
export function mapTexts<T>(value: T, change: (text: string) => string): T {
  if (typeof value === "string") return change(value) as T;
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return items.map((item) => mapTexts(item, change)) as T;
  }
  if (typeof value !== "object" || value === null) return value;
  const members: [string, unknown][] = Object.entries(value);
  return Object.fromEntries(members.map(([key, member]) => [key, mapTexts(member, change)])) as T;
}
