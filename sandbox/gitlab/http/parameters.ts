import type { FastifyRequest } from "fastify";

import { invalidParameters } from "../errors";

/** The problem of a value, in GitLab's words after the parameter's name. */
type Problem =
  "is invalid" | "is empty" | "does not have a valid value" | "has a value not allowed";

/** The value of a parameter, or its problem. An undefined value counts as missing. */
export type ParseResult<T> = { readonly value: T } | { readonly problem: Problem };

/** Parses the value of a parameter. */
type Parser<T> = (given: unknown) => ParseResult<T>;

/** How one parameter is parsed. */
export interface Parameter<T> {
  readonly required: boolean;
  readonly parse: Parser<T>;
}

type Values<D> = { [K in keyof D]: D[K] extends Parameter<infer T> ? T : never };

/**
 * Reads the parameters of a request, from its path, query and body, as GitLab does with Grape: undeclared parameters
 * are ignored, and one sentence lists all problems.
 */
export function readParameters<D extends Record<string, Parameter<unknown>>>(
  request: FastifyRequest,
  declared: D,
): Values<D> {
  const given = collectParameters(request);
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, parameter] of Object.entries(declared)) {
    // A missing parameter and null are treated alike: GitLab distinguishes them only by a database error for null.
    const sent = given[name] ?? undefined;
    const result = sent === undefined ? { value: undefined } : parameter.parse(sent);
    if ("problem" in result) problems.push(`${name} ${result.problem}`);
    else if (result.value !== undefined) values[name] = result.value;
    else if (parameter.required) problems.push(`${name} is missing`);
  }
  if (problems.length > 0) throw invalidParameters(problems.join(", "));
  return values as Values<D>;
}

/** A required parameter. */
export function required<T>(parse: Parser<T>): Parameter<Exclude<T, undefined>> {
  return { required: true, parse: parse as Parser<Exclude<T, undefined>> };
}

/** An optional parameter. */
export function optional<T>(parse: Parser<T>): Parameter<T | undefined> {
  return { required: false, parse };
}

/** Parses text. A number or a boolean becomes its text. */
export function text(given: unknown): ParseResult<string> {
  return isScalar(given) ? { value: String(given) } : { problem: "is invalid" };
}

/** Parses text that is not blank. */
export function filledText(given: unknown): ParseResult<string> {
  const result = text(given);
  return "value" in result && result.value.trim() === "" ? { problem: "is empty" } : result;
}

/**
 * Parses a whole number, in each spelling that Ruby's `Integer` accepts: with a sign, surrounding spaces, and `_`
 * between digits. A fraction in JSON is truncated. An empty string counts as missing.
 *
 * @see https://github.com/dry-rb/dry-types/blob/main/lib/dry/types/coercions/params.rb
 */
export function integer(given: unknown): ParseResult<number | undefined> {
  if (given === "") return { value: undefined };
  const isSpelled = typeof given === "string" && /^\s*[+-]?\d+(_\d+)*\s*$/.test(given);
  const value = isSpelled ? Number(given.replaceAll("_", "")) : given;
  return typeof value === "number" && Number.isSafeInteger(Math.trunc(value))
    ? { value: Math.trunc(value) }
    : { problem: "is invalid" };
}

/** Parses a whole number other than 0, such as a page or an id. */
export function nonZero(given: unknown): ParseResult<number | undefined> {
  const result = integer(given);
  return "value" in result && result.value === 0 ? { problem: "has a value not allowed" } : result;
}

/** Parses a whole number between the two, both included. */
export function integerIn(minimum: number, maximum: number) {
  return (given: unknown): ParseResult<number | undefined> => {
    const result = integer(given);
    return "value" in result &&
      result.value !== undefined &&
      (result.value < minimum || result.value > maximum)
      ? { problem: "does not have a valid value" }
      : result;
  };
}

const trueSpellings = ["1", "on", "On", "ON", "t", "true", "True", "TRUE", "T", "y", "yes", "Yes"];
const falseSpellings = ["0", "off", "Off", "OFF", "f", "false", "False", "FALSE", "F", "n", "no"];
const booleans = new Map([
  ...[...trueSpellings, "YES", "Y"].map((spelling) => [spelling, true] as const),
  ...[...falseSpellings, "No", "NO", "N"].map((spelling) => [spelling, false] as const),
]);

/**
 * Parses a boolean, in each spelling that Grape accepts; Python clients send `True`. An empty string counts as
 * missing.
 *
 * @see https://github.com/dry-rb/dry-types/blob/main/lib/dry/types/coercions/params.rb
 */
export function boolean(given: unknown): ParseResult<boolean | undefined> {
  if (given === "") return { value: undefined };
  const value = isScalar(given) ? booleans.get(String(given)) : undefined;
  return value === undefined ? { problem: "is invalid" } : { value };
}

/** Parses one of the allowed words. */
export function oneOf<const W extends string>(allowed: readonly W[]) {
  return (given: unknown): ParseResult<W> => {
    const result = text(given);
    if ("problem" in result) return result;
    const word = allowed.find((candidate) => candidate === result.value);
    return word === undefined ? { problem: "does not have a valid value" } : { value: word };
  };
}

function isScalar(given: unknown): given is string | number | boolean {
  return typeof given === "string" || typeof given === "number" || typeof given === "boolean";
}

function collectParameters(request: FastifyRequest): Record<string, unknown> {
  const body = request.body;
  return {
    ...(request.query as Record<string, unknown>),
    ...(typeof body === "object" && !Array.isArray(body) ? body : {}),
    ...(request.params as Record<string, unknown>),
  };
}
