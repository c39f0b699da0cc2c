import { invalid, type Result, valid } from "./result";

/** Parses text that is not empty. */
export type Validator<T> = (text: string) => Result<T>;

/** Text that matches a pattern. `shape` describes it, e.g. "a host name without scheme, port and path". */
export function matches(pattern: RegExp, shape: string): Validator<string> {
  return (text) =>
    pattern.test(text) ? valid(text) : invalid(`is "${text}", which is not ${shape}.`);
}

/** Any text. */
export const anyText: Validator<string> = (text) => valid(text);

/** One word of a closed list. */
export function isOneOf<T extends string>(allowed: readonly T[]): Validator<T> {
  return (text) => {
    const found = allowed.find((word) => word === text);
    return found === undefined
      ? invalid(`is "${text}", which is not ${listAlternatives(allowed)}.`)
      : valid(found);
  };
}

function listAlternatives(words: readonly string[]): string {
  const quoted = words.map((word) => `"${word}"`);
  return quoted.length > 2
    ? `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`
    : quoted.join(" or ");
}

/** A whole number from `lowest` to `highest`, both included. */
export function isWholeNumber(lowest: number, highest: number): Validator<number> {
  return (text) => {
    const number = /^-?\d+$/.test(text) ? Number(text) : NaN;
    return number >= lowest && number <= highest
      ? valid(number)
      : invalid(`is "${text}", which is not a whole number from ${lowest} to ${highest}.`);
  };
}

/** "true" or "false". */
export const isBoolean: Validator<boolean> = (text) => {
  const word = isOneOf(["true", "false"])(text);
  return word.ok ? valid(word.value === "true") : word;
};

/** A list of allowed words, separated by commas. */
export function isListOf<T extends string>(allowed: readonly T[]): Validator<readonly T[]> {
  return parseList(listAlternatives(allowed), (text) => allowed.find((word) => word === text));
}

/** A list of texts that match a pattern, separated by commas. `shape` describes one of them. */
function isListMatching(pattern: RegExp, shape: string): Validator<readonly string[]> {
  return parseList(shape, (text) => (pattern.test(text) ? text : undefined));
}

function parseList<T>(
  shape: string,
  tryParse: (text: string) => T | undefined,
): Validator<readonly T[]> {
  return (text) => {
    const values: T[] = [];
    const problems: string[] = [];
    for (const one of text.split(",").flatMap((part) => part.trim() || [])) {
      const value = tryParse(one);
      if (value === undefined) problems.push(`has "${one}", which is not ${shape}.`);
      else values.push(value);
    }
    return problems.length > 0 ? invalid(...problems) : valid(values);
  };
}

/**
 * A stack, by its name or in full. A name of two parts is refused: for some backends the first part is an
 * organization, for others a project.
 */
export const isStack: Validator<string> = matches(
  /^([\w.-]{1,100}\/[\w.-]{1,100}\/)?[\w.-]{1,100}$/,
  'a stack\'s name, "stack" or "organization/project/stack"',
);

/** A path that is the same on every machine, since the state holds it. It may lead above the folder. */
export function isPathFrom(folder: string): Validator<string> {
  return (text) =>
    text.startsWith("/") || /^[A-Za-z]:/.test(text) || text.includes("\\")
      ? invalid(`is "${text}". Use a path with "/", relative to ${folder}.`)
      : valid(text);
}

/** A path that is the same on every machine, and stays in the folder. */
export function isPathBelow(folder: string): Validator<string> {
  return (text) =>
    text.split("/").includes("..")
      ? invalid(`is "${text}", which is outside ${folder}.`)
      : isPathFrom(folder)(text);
}

/** The name of a Kubernetes namespace. */
export const isNamespace: Validator<string> = matches(
  /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
  "a namespace's name: lower-case letters, digits and `-`, at most 63 characters",
);

const dnsName = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;
const dnsCharacters = "lower-case letters, digits, `-` and `.`";

/** A host name. */
export const isHostName: Validator<string> = matches(
  dnsName,
  "a host name without scheme, port and path",
);

/** The name of a Kubernetes object. `kind` is "a secret's name", for example. */
export function isObjectName(kind: string): Validator<string> {
  return matches(dnsName, `${kind}: ${dnsCharacters}`);
}

/** Names of Kubernetes objects, separated by commas. */
export function isListOfObjectNames(kind: string): Validator<readonly string[]> {
  return isListMatching(dnsName, `${kind}: ${dnsCharacters}`);
}

const folder = /^(?:\/[\w.@+-]+)+$/;
const folderShape = 'the path of a folder, such as "/data"';

/** Folder of a container, as an absolute path. */
export const isFolder: Validator<string> = matches(folder, folderShape);

/** Folders of a container, as absolute paths, separated by commas. */
export const isListOfFolders: Validator<readonly string[]> = isListMatching(folder, folderShape);
