import type { FastifyRequest } from "fastify";

import { invalidParameters } from "../errors";

/** What a value may turn out to be wrong with, in GitLab's words after the parameter's name. */
type Problem =
  "is invalid" | "is empty" | "does not have a valid value" | "has a value not allowed";

/** What a value was read as, or what is wrong with it. */
export type Reading<T> = { readonly value: T } | { readonly problem: Problem };

/** How one parameter is read. */
export interface Parameter<T> {
  readonly required: boolean;
  readonly read: (given: unknown) => Reading<T>;
}

type Values<D> = { [K in keyof D]: D[K] extends Parameter<infer T> ? T : never };

/**
 * Reads the parameters of a request, from its path, query and body, as GitLab does: what isn't declared
 * is ignored, and all that is wrong comes in one sentence.
 */
export function readParameters<D extends Record<string, Parameter<unknown>>>(
  request: FastifyRequest,
  declared: D,
): Values<D> {
  const given = collectParameters(request);
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, parameter] of Object.entries(declared)) {
    // Not there and null are one: GitLab tells them apart only to fail on null in its database.
    const value = given[name] ?? undefined;
    if (value === undefined) {
      if (parameter.required) problems.push(`${name} is missing`);
      continue;
    }
    const reading = parameter.read(value);
    if ("problem" in reading) problems.push(`${name} ${reading.problem}`);
    else values[name] = reading.value;
  }
  if (problems.length > 0) throw invalidParameters(problems.join(", "));
  return values as Values<D>;
}

/** A parameter that must be there. */
export function required<T>(read: (given: unknown) => Reading<T>): Parameter<T> {
  return { required: true, read };
}

/** A parameter that may be left out. */
export function optional<T>(read: (given: unknown) => Reading<T>): Parameter<T | undefined> {
  return { required: false, read };
}

/** Text; a number or a truth value is taken by its spelling. */
export function text(given: unknown): Reading<string> {
  if (typeof given === "string") return { value: given };
  return typeof given === "number" || typeof given === "boolean"
    ? { value: String(given) }
    : { problem: "is invalid" };
}

/** A whole number, also as text. */
export function integer(given: unknown): Reading<number> {
  const value = typeof given === "string" && /^-?\d+$/.test(given) ? Number(given) : given;
  return Number.isSafeInteger(value) ? { value: value as number } : { problem: "is invalid" };
}

/** What may also be empty text, which is as good as none. */
export function blankOr<T>(read: (given: unknown) => Reading<T>) {
  return (given: unknown): Reading<T | undefined> =>
    given === "" ? { value: undefined } : read(given);
}

/** A truth value, also as text. */
export function truth(given: unknown): Reading<boolean> {
  if (given === true || given === "true" || given === "1" || given === 1) return { value: true };
  if (given === false || given === "false" || given === "0" || given === 0) return { value: false };
  return { problem: "is invalid" };
}

/** Several of the allowed words, as a list or separated by commas. */
export function wordsOf<W extends string>(allowed: readonly W[]) {
  return (given: unknown): Reading<W[]> => {
    const items: unknown[] = Array.isArray(given)
      ? given
      : typeof given === "string"
        ? [given]
        : [];
    const words = items.flatMap((item) => (typeof item === "string" ? split(item) : [""]));
    return words.every((word) => allowed.includes(word as W))
      ? { value: words as W[] }
      : { problem: "does not have a valid value" };
  };
}

/** A whole number of the kind that counts pages or ids: never 0. */
export function nonZero(given: unknown): Reading<number> {
  const reading = integer(given);
  return "value" in reading && reading.value === 0
    ? { problem: "has a value not allowed" }
    : reading;
}

/** One of the allowed words. */
export function oneOf<const W extends string>(allowed: readonly W[]) {
  return (given: unknown): Reading<W> =>
    allowed.includes(given as W)
      ? { value: given as W }
      : { problem: typeof given === "object" ? "is invalid" : "does not have a valid value" };
}

/** A day in ISO 8601, or the day of an instant; empty text for none. */
export function day(given: unknown): Reading<string | undefined> {
  const reading = instant(given);
  if ("problem" in reading) return reading;
  return { value: reading.value === undefined ? undefined : String(given).slice(0, 10) };
}

/** A day or an instant in ISO 8601, as an instant in UTC; empty text for none. */
export function instant(given: unknown): Reading<string | undefined> {
  if (given === "") return { value: undefined };
  const pattern =
    /^(?<day>\d{4}-\d\d-\d\d)(?:[T ](?<time>\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(?<zone>Z|[+-]\d\d:?\d\d)?)?$/;
  const {
    day,
    time = "00:00",
    zone = "Z",
  } = (typeof given === "string" ? pattern.exec(given)?.groups : undefined) ?? {};
  const offset = zone.replace(/^([+-]\d\d)(\d\d)$/, "$1:$2");
  const [midnight, date] = [new Date(`${day}T00:00Z`), new Date(`${day}T${time}${offset}`)];
  // JavaScript takes 30 February for 2 March: only a day that comes back as it went in exists.
  return Number.isFinite(date.getTime()) && midnight.toISOString().startsWith(String(day))
    ? { value: date.toISOString() }
    : { problem: "is invalid" };
}

/** Text that says something. */
export function filledText(given: unknown): Reading<string> {
  const reading = text(given);
  return "value" in reading && reading.value.trim() === "" ? { problem: "is empty" } : reading;
}

/** Words of any kind, as a list or separated by commas. */
export function words(given: unknown): Reading<string[]> {
  const items: unknown[] = Array.isArray(given) ? given : [given];
  return items.every((item) => typeof item === "string")
    ? { value: items.flatMap(split).filter((word) => word !== "") }
    : { problem: "is invalid" };
}

/** Whole numbers, as a list or separated by commas; one alone is a list, too. */
export function integers(given: unknown): Reading<number[]> {
  const items: unknown[] = Array.isArray(given)
    ? given
    : typeof given === "string"
      ? split(given)
      : [given];
  const readings = items.map(integer);
  return readings.every((reading) => "value" in reading)
    ? { value: readings.map(({ value }) => value) }
    : { problem: "is invalid" };
}

/** A whole number between the two, both included. */
export function integerIn(minimum: number, maximum: number) {
  return (given: unknown): Reading<number> => {
    const reading = integer(given);
    return "value" in reading && (reading.value < minimum || reading.value > maximum)
      ? { problem: "does not have a valid value" }
      : reading;
  };
}

function collectParameters(request: FastifyRequest): Record<string, unknown> {
  const body = request.body;
  return {
    ...(request.query as Record<string, unknown>),
    ...(typeof body === "object" && !Array.isArray(body) ? body : {}),
    ...(request.params as Record<string, unknown>),
  };
}

function split(list: string): string[] {
  return list === "" ? [] : list.split(",").map((word) => word.trim());
}
