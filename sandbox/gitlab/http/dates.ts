import type { ParseResult } from "./parameters";

/** Year, month and day in ISO 8601, with `/` in place of `-`, or without both; a time of day and a zone may follow. */
const iso =
  /^(?<year>\d{4})(?<separator>[-/]?)(?<month>\d{1,2})\k<separator>(?<day>\d{1,2})(?:[Tt ](?<time>\d\d:?\d\d(?::?\d\d(?:[.,]\d+)?)?) ?(?<zone>Z|z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?$/;

/** Dates with the month's English name, such as `Fri, 02 Jan 2026 03:04:05 GMT`, `2 Jan 2026` and `Jan 2, 2026`. */
const named =
  /^(?:[A-Za-z]+,? )?(?:\d{1,2}[ -][A-Za-z]{3,9}|[A-Za-z]{3,9} \d{1,2},?)[ -]\d{4}(?: |$)/;

/** Parses a date, or the date of an instant. An empty string counts as missing. */
export function day(given: unknown): ParseResult<string | undefined> {
  const result = parse(given);
  return "problem" in result ? result : { value: result.value?.day };
}

/** Parses a date or an instant as an instant in UTC. The default zone is UTC; an empty string counts as missing. */
export function instant(given: unknown): ParseResult<string | undefined> {
  const result = parse(given);
  return "problem" in result ? result : { value: result.value?.instant };
}

interface ParsedDate {
  /** The date as written, whatever the zone. */
  readonly day: string;
  readonly instant: string;
}

/** Ruby's `DateTime.parse` accepts nearly all text with a date; these are the forms that programs write. */
function parse(given: unknown): ParseResult<ParsedDate | undefined> {
  if (given === "") return { value: undefined };
  const date =
    typeof given === "string" ? (parseIso(given.trim()) ?? parseNamed(given.trim())) : undefined;
  return date === undefined ? { problem: "is invalid" } : { value: date };
}

function parseIso(text: string): ParsedDate | undefined {
  const { year, month, day, separator, time = "00:00", zone = "Z" } = iso.exec(text)?.groups ?? {};
  if (year === undefined || (separator === "" && `${month}${day}`.length !== 4)) return undefined;
  const written = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  const clock = time.includes(":")
    ? time
    : time.replace(/^(\d\d)(\d\d)(\d\d)?/, "$1:$2:$3").replace(/:(?=$|[.,])/, "");
  const offset = /^[+-]/.test(zone)
    ? zone.replace(/^(.\d\d):?(\d\d)?$/, "$1:$2").replace(/:$/, ":00")
    : "Z";
  const [midnight, date] = [
    new Date(`${written}T00:00Z`),
    new Date(`${written}T${clock.replace(",", ".")}${offset}`),
  ];
  // JavaScript reads 30 February as 2 March: a date exists only if it comes back unchanged.
  return Number.isFinite(date.getTime()) && midnight.toISOString().startsWith(written)
    ? { day: written, instant: date.toISOString() }
    : undefined;
}

function parseNamed(text: string): ParsedDate | undefined {
  if (!named.test(text)) return undefined;
  const [date, written] = [
    new Date(/(?:GMT|UTC|Z|[+-]\d{4})(?: \(.*\))?$/.test(text) ? text : `${text} UTC`),
    // The date as written: the same text without its zone.
    new Date(`${text.replace(/(?:GMT|UTC|Z)?(?:[+-]\d{4})?(?: \(.*\))?$/, "").trim()} UTC`),
  ];
  return Number.isFinite(date.getTime()) && Number.isFinite(written.getTime())
    ? { day: written.toISOString().slice(0, 10), instant: date.toISOString() }
    : undefined;
}
