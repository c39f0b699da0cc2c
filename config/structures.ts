import { findNearest } from "./nearest";
import { type Finding, invalid, nest, type Result, valid } from "./result";
import type { Validator } from "./validators";

/**
 * How a structured key is declared: `object` for named fields, `record` for names that the user chooses, `list`, and
 * `scalar` or `text` for what is in them. Each returns the parsed value with its type, so that nothing reads
 * the JSON text a second time.
 */
export interface Structure<T> {
  /** Parses one value of JSON. */
  readonly parse: (value: unknown) => Result<T>;

  /** The fields, for the documentation. */
  readonly fields: readonly FieldDocumentation[];
}

/** What the documentation says about a field. */
export interface FieldDocumentation {
  readonly name: string;
  readonly description: string;
  readonly fields: readonly FieldDocumentation[];
}

/** One field of an object. Its parser gets `undefined` if the field is missing. */
export interface Field<T> extends Structure<T> {
  readonly description: string;
}

/** A field for each property of `T`. */
export type Fields<T> = { readonly [K in keyof T]: Field<T[K]> };

/** A field that must be there. */
export function required<T>(description: string, { fields, parse }: Structure<T>): Field<T> {
  const parseGiven = (value: unknown) =>
    value === undefined ? invalid("is missing.") : parse(value);
  return { description, fields, parse: parseGiven };
}

/** A field that may be missing. */
export function optional<T>(description: string, structure: Structure<T>): Field<T | undefined> {
  return withDefault<T | undefined>(description, structure, undefined);
}

/** A field that has `fallback` as its value if it is missing. */
export function withDefault<T>(
  description: string,
  { fields, parse }: Structure<T>,
  fallback: T,
): Field<T> {
  const parseOrDefault = (value: unknown) => (value === undefined ? valid(fallback) : parse(value));
  return { description, fields, parse: parseOrDefault };
}

/**
 * An object with these fields and no others.
 *
 * @param findProblems what is wrong with the object as a whole, for rules that concern several fields
 */
export function object<T>(
  fields: Fields<T>,
  findProblems: (given: Readonly<Record<string, unknown>>) => readonly string[] = () => [],
): Structure<T> {
  const documentation: FieldDocumentation[] = [];
  for (const name in fields) documentation.push({ ...fields[name], name });
  const names = documentation.map(({ name }) => name);
  const known = `It may have ${listNames(names)}.`;
  const parse = (given: unknown): Result<T> => {
    if (!isRecord(given)) return invalid(`is not an object. ${known}`);
    const findings: Finding[] = Object.keys(given)
      .filter((name) => !names.includes(name))
      .map((name) => ({ path: [], text: `has "${name}". ${suggest(name, names) ?? known}` }));
    const values: Partial<T> = {};
    for (const name in fields) {
      const result = fields[name].parse(given[name]);
      if (result.ok) values[name] = result.value;
      else findings.push(...nest(name, result.findings));
    }
    findings.push(...findProblems(given).map((text) => ({ path: [], text })));
    return findings.length === 0 && isComplete(fields, values)
      ? valid(values)
      : { ok: false, findings };
  };
  return { fields: documentation, parse };
}

/** Whether every field has got its value. */
export function isComplete<T>(
  fields: { readonly [K in keyof T]: unknown },
  values: Partial<T>,
): values is T {
  return Object.keys(fields).every((name) => Object.hasOwn(values, name));
}

/**
 * An object with names that the user chooses.
 *
 * @param findNameProblem what is wrong with a name, as text that continues the object's name
 * @param shape what is in it, e.g. "names and text values"
 */
export function record<T>(
  shape: string,
  item: Structure<T>,
  findNameProblem: (name: string) => string | undefined = () => undefined,
): Structure<Record<string, T>> {
  const parse = (given: unknown): Result<Record<string, T>> => {
    if (!isRecord(given)) return invalid(`is not an object with ${shape}.`);
    const findings: Finding[] = [];
    const entries: [string, T][] = [];
    for (const [name, value] of Object.entries(given)) {
      const problem = findNameProblem(name);
      const result = problem === undefined ? item.parse(value) : invalid();
      if (problem !== undefined) findings.push({ path: [], text: problem });
      else if (result.ok) entries.push([name, result.value]);
      else findings.push(...nest(name, result.findings));
    }
    return findings.length > 0 ? { ok: false, findings } : valid(Object.fromEntries(entries));
  };
  return { fields: [], parse };
}

/** A list. */
export function list<T>({ fields, parse: parseItem }: Structure<T>): Structure<readonly T[]> {
  const parse = (given: unknown): Result<readonly T[]> => {
    if (!Array.isArray(given)) return invalid("is not a list.");
    const items: T[] = [];
    const findings: Finding[] = [];
    for (const [index, item] of given.entries()) {
      const result = parseItem(item);
      if (result.ok) items.push(result.value);
      else findings.push(...nest(String(index), result.findings));
    }
    return findings.length > 0 ? { ok: false, findings } : valid(items);
  };
  return { fields, parse };
}

/** Text, a number or a boolean: Pulumi stores text that looks like a number or a boolean as one. */
export function scalar<T>(validate: Validator<T>): Structure<T> {
  const parse = (value: unknown): Result<T> => {
    const isScalar = ["string", "number", "boolean"].includes(typeof value);
    return isScalar ? validate(String(value)) : invalid("is not text, a number or a boolean.");
  };
  return { fields: [], parse };
}

/** Text only. The message does not show the value: it may be a secret. */
export const text: Structure<string> = {
  fields: [],
  parse: (value) =>
    typeof value === "string" ? valid(value) : invalid("is not text. Put it in quotes."),
};

/** Any value. */
export const anything: Structure<unknown> = { fields: [], parse: valid };

function suggest(name: string, names: readonly string[]): string | undefined {
  const near = findNearest(name, names);
  return near === undefined ? undefined : `Did you mean \`${near}\`?`;
}

function listNames(names: readonly string[]): string {
  const quoted = names.map((name) => `\`${name}\``);
  return quoted.length > 1
    ? `${quoted.slice(0, -1).join(", ")} and ${quoted.at(-1)}`
    : quoted.join("");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
