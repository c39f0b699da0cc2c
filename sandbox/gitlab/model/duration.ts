const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** GitLab counts a month as 30 days in durations. */
const monthDays = 30;
const yearDays = 365.25;

const units: readonly [pattern: RegExp, milliseconds: number][] = [
  [/^(s|secs?|seconds?)$/, secondMs],
  [/^(m|mins?|minutes?)$/, minuteMs],
  [/^(h|hrs?|hours?)$/, hourMs],
  [/^(d|days?)$/, dayMs],
  [/^(w|weeks?)$/, 7 * dayMs],
  [/^(mos?|months?)$/, monthDays * dayMs],
  [/^(y|yrs?|years?)$/, yearDays * dayMs],
];

/** Parses a duration such as `1h`, `2 days` or `1month` into milliseconds; `undefined` for anything else. */
export function parseDuration(text: string): number | undefined {
  const parts = [...text.toLowerCase().matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/g)];
  const spelled = parts.map(([part]) => part).join("");
  if (
    parts.length === 0 ||
    spelled.replaceAll(/\s/g, "") !== text.toLowerCase().replaceAll(/[\s,]/g, "")
  ) {
    return undefined;
  }
  let total = 0;
  for (const [, count, name = ""] of parts) {
    const unit = units.find(([pattern]) => pattern.test(name))?.[1];
    if (unit === undefined) return undefined;
    total += Number(count) * unit;
  }
  return total;
}
