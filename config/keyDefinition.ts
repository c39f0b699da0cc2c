import { tryParseJson } from "../components/json";
import { invalid, type Result, valid } from "./result";
import type { FieldDocumentation, Structure } from "./structures";
import type { Validator } from "./validators";

/** Everything there is to know about one key of the configuration. */
export interface KeyDefinition<T> {
  /** Type in Pulumi.yaml. */
  readonly type: "string" | "boolean" | "integer" | "object";

  /** One sentence, without a full stop. */
  readonly description: string;

  /** Value if the key is not set. For a required key, the value that stands in until it is set. */
  readonly default: T;

  /** The default as Pulumi.yaml has it. Empty text or an empty object: none. */
  readonly declared: string | number | boolean | object;

  /** A valid value, or options of `pulumi config set` that set one. */
  readonly example: string;

  /** Parses the stack's text. Empty text counts as not set, so that a stack can unset what the project sets. */
  readonly parse: Validator<T>;

  /** Fields of a structured key. */
  readonly fields: readonly FieldDocumentation[];

  /** `all`: must be stored as a secret. `parts`: may be. Without it the key must not be a secret. */
  readonly secret?: "all" | "parts";

  /** What to do about an invalid value, if `pulumi config set` is not the answer. */
  readonly remedy?: string;
}

type Text = Pick<KeyDefinition<unknown>, "description" | "example" | "remedy" | "secret">;

/** A key without default: `undefined` if it is not set. */
export function optionalKey<T>(
  options: Text & { readonly validate: Validator<T> },
): KeyDefinition<T | undefined> {
  return defineKey<T | undefined>(undefined, "", options);
}

/** A key with a default that Pulumi.yaml can have as it is. */
export function key<T extends string | number | boolean>(
  options: Text & { readonly default: T; readonly validate: Validator<T> },
): KeyDefinition<T> {
  return defineKey(options.default, options.default, options);
}

/** A key that is a list, separated by commas. */
export function listKey<T extends string>(
  options: Text & { readonly default: readonly T[]; readonly validate: Validator<readonly T[]> },
): KeyDefinition<readonly T[]> {
  return defineKey(options.default, options.default.join(","), options);
}

/** A key that must be set. `missing` continues its name if it is not. */
export function requiredKey(
  options: Text & { readonly missing: string; readonly validate: Validator<string> },
): KeyDefinition<string> {
  const definition = defineKey("", "", options);
  const parse: Validator<string> = (text) =>
    text === "" ? invalid(options.missing) : definition.parse(text);
  return { ...definition, parse };
}

/** A structured key: an object with fields, which `pulumi config set --path` sets one by one. */
export function structuredKey<T, D extends T | undefined>(
  options: Text & { readonly default: D; readonly structure: Structure<T> },
): KeyDefinition<T | D> {
  const { default: fallback, structure } = options;
  const validate: Validator<T | D> = (text) =>
    // No structure accepts the `undefined` of a text that is not JSON.
    text === "{}" ? valid(fallback) : structure.parse(tryParseJson(text));
  const definition = defineKey<T | D>(fallback, fallback ?? {}, { ...options, validate });
  return { ...definition, fields: structure.fields };
}

function defineKey<T>(
  fallback: T,
  declared: string | number | boolean | object,
  { description, example, remedy, secret, validate }: Text & { readonly validate: Validator<T> },
): KeyDefinition<T> {
  const parse = (text: string): Result<T> => (text === "" ? valid(fallback) : validate(text));
  const shared = { description, default: fallback, declared, example, fields: [], parse };
  return { ...shared, remedy, secret, type: findType(declared) };
}

function findType(declared: string | number | boolean | object): KeyDefinition<unknown>["type"] {
  if (typeof declared === "number") return "integer";
  if (typeof declared === "boolean") return "boolean";
  return typeof declared === "string" ? "string" : "object";
}
