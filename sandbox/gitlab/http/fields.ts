import { malformedRequest } from "../errors";

/** Rack's limit on how deep brackets may be nested. */
const maximumDepth = 32;

/** Without a prototype, because names such as `__proto__` must be like all others. */
type Fields = Record<string, unknown>;

/**
 * Parses `name=value&list[]=a&list[]=b&object[key]=value` as Rack does, in queries and in forms. The last value of a
 * name counts. Invalid UTF-8 and contradictions are refused.
 */
export function parseFields(text: string): Fields {
  const fields = createFields();
  for (const pair of text.split("&")) {
    if (pair === "") continue;
    const equals = pair.indexOf("=");
    const name = decode(equals === -1 ? pair : pair.slice(0, equals));
    const value = equals === -1 ? null : decode(pair.slice(equals + 1));
    const [first = "", ...rest] = splitName(name);
    if (first !== "") assign(fields, first, rest, value, 0);
  }
  return fields;
}

/** Splits `a[b][]` into `a`, `b` and an empty name. */
function splitName(name: string): string[] {
  const parts = /^([^[]*)((?:\[[^\]]*\])*)$/.exec(name);
  if (parts === null) return [name];
  return [parts[1], ...[...parts[2].matchAll(/\[([^\]]*)\]/g)].map(([, key]) => key)];
}

function assign(target: Fields, key: string, rest: string[], value: unknown, depth: number): void {
  if (depth >= maximumDepth) throw malformedRequest();
  const [next, ...others] = rest;
  if (next === undefined) {
    target[key] = value;
    return;
  }
  const known = target[key];
  if (next === "") {
    if (known !== undefined && !Array.isArray(known)) throw malformedRequest();
    const list = (known ?? []) as unknown[];
    target[key] = list;
    list.push(others.length === 0 ? value : createNested(others, value, depth + 1));
    return;
  }
  if (known !== undefined && !isFields(known)) throw malformedRequest();
  const fields = known ?? createFields();
  target[key] = fields;
  assign(fields, next, others, value, depth + 1);
}

function createNested([first = "", ...rest]: string[], value: unknown, depth: number): Fields {
  const fields = createFields();
  assign(fields, first, rest, value, depth);
  return fields;
}

function createFields(): Fields {
  return Object.create(null) as Fields;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw malformedRequest();
  }
}
