/*
 * What each value of the configuration must be. A rule is given a value as text and returns what is wrong
 * with it, each time a sentence that goes on from the key's name; nothing when it is fine.
 */

import { certificateSecret } from "../components/image/imageBuild";

/** A rule for one value. */
export type Validator = (value: string) => string[];

/** A rule for text that has one shape. `shape` says it in words, e.g. "a host name such as ...". */
export function matches(pattern: RegExp, shape: string): Validator {
  return (value) => (pattern.test(value) ? [] : [`is "${value}", which is not ${shape}.`]);
}

/** A rule for text out of a closed list. */
export function isOneOf(allowed: readonly string[]): Validator {
  const listed = listAlternatives(allowed);
  return (value) => (allowed.includes(value) ? [] : [`is "${value}", which is not ${listed}.`]);
}

function listAlternatives(words: readonly string[]): string {
  const quoted = words.map((word) => `"${word}"`);
  return quoted.length > 2
    ? `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`
    : quoted.join(" or ");
}

/** A rule for whole numbers within bounds. */
export function isWholeNumber(lowest: number, highest: number): Validator {
  return (value) =>
    /^-?\d+$/.test(value) && Number(value) >= lowest && Number(value) <= highest
      ? []
      : [`is "${value}", which is not a whole number from ${lowest} to ${highest}.`];
}

/** A rule for what is on or off. */
export const isBoolean: Validator = isOneOf(["true", "false"]);

/**
 * A stack, by its name alone or in full. Two parts are refused: backends don't agree whether the first is
 * an organization or a project.
 */
export const findStackProblems: Validator = matches(
  /^([\w.-]{1,100}\/[\w.-]{1,100}\/)?[\w.-]{1,100}$/,
  'a stack\'s name, "stack" or "organization/project/stack"',
);

const pathPattern = /^[A-Za-z0-9_][\w.-]*(\/[A-Za-z0-9_][\w.-]*)*$/;

/** A project's path: the image repository is named after it. */
export const findProjectProblems: Validator = (value) => {
  if (/^\d+$/.test(value)) {
    return [`is "${value}", a number. Images are named after the project's path: use that.`];
  }
  return value.includes("/") && pathPattern.test(value)
    ? []
    : [`is "${value}", which is not a path such as "group/project".`];
};

/** A group's path or number. */
export const findGroupProblems: Validator = matches(
  pathPattern,
  'the path or number of a group, such as "group"',
);

/** A registry as images name it. */
export const findRegistryProblems: Validator = (value) => {
  const scheme = /^[a-z]+:\/\//.exec(value)?.[0];
  if (scheme) return [`is "${value}". Images name a registry without "${scheme}": leave it out.`];
  if (value.includes("/")) {
    return [`is "${value}". It is a host and a port: leave out what begins with "/".`];
  }
  const port = /^[a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::(\d{1,5}))?$/.exec(value);
  return port && Number(port[2] ?? 443) <= 65535 && Number(port[2] ?? 443) > 0
    ? []
    : [`is "${value}", which is not a host with an optional port.`];
};

/** A rule for a path that is the same on every machine, since the state holds it. */
export function isPathBelow(folder: string): Validator {
  return (value) => {
    if (value.startsWith("/") || /^[A-Za-z]:/.test(value) || value.includes("\\")) {
      return [`is "${value}". Use a path with "/", relative to ${folder}.`];
    }
    return value.split("/").includes("..") ? [`is "${value}", which leads out of ${folder}.`] : [];
  };
}

const imageNamePattern = /^[a-z0-9]+([._-]+[a-z0-9]+)*(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/;

/** Levels of repositories that GitLab has below a project's own. */
export const repositoryLevels = 2;

/**
 * The name of an image below the project's own repository.
 *
 * @see https://docs.gitlab.com/user/packages/container_registry/#naming-convention-for-your-container-images
 */
export const findImageNameProblems: Validator = (value) => {
  if (value.split("/").length > repositoryLevels) {
    return [`is "${value}". GitLab has at most ${repositoryLevels} names below a project's own.`];
  }
  const shape =
    "an image name: lower-case letters and digits, with `.`, `_`, `-` or `/` in between";
  return matches(imageNamePattern, shape)(value);
};

/** A rule for a list out of known words, with commas in between. */
export function isListOf(allowed: readonly string[]): Validator {
  return (value) => {
    const unknown = splitList(value).filter((one) => !allowed.includes(one));
    return unknown.map((one) => `has "${one}", which is not ${listAlternatives(allowed)}.`);
  };
}

/** A rule for a list of texts of one shape, with commas in between. `shape` says it in words, of one of them. */
export function isListMatching(pattern: RegExp, shape: string): Validator {
  return (value) =>
    splitList(value)
      .filter((one) => !pattern.test(one))
      .map((one) => `has "${one}", which is not ${shape}.`);
}

/** The words of a list with commas in between. */
export function splitList(value: string): string[] {
  return value.split(",").flatMap((one) => one.trim() || []);
}

/** Build arguments: an object of texts. */
export const findBuildArgsProblems: Validator = (value) => {
  const parsed = tryParseObject(value);
  if (!parsed) return ["is not an object of names and texts."];
  return Object.entries(parsed).flatMap(([name, text]) => {
    if (!/^[A-Za-z_]\w*$/.test(name))
      return [`has "${name}", which is not a build argument's name.`];
    return typeof text === "string"
      ? []
      : [`has \`${name}\`, which is not text. Put it in quotes.`];
  });
};

/** Most that a ConfigMap can hold, with room for what else is in it. */
const publicConfigLimitBytes = 900 * 1024;

/** What a site reads at run time: an object that fits into a ConfigMap. */
export const findPublicConfigProblems: Validator = (value) => {
  if (!tryParseObject(value)) return ["is not an object of names and values."];
  const bytes = Buffer.byteLength(value);
  return bytes > publicConfigLimitBytes
    ? [`has ${bytes} bytes. It is kept in a ConfigMap: at most ${publicConfigLimitBytes}.`]
    : [];
};

/** Build secrets: an object of texts. What is said of it holds no value. */
export const findBuildSecretsProblems: Validator = (value) => {
  const parsed = tryParseObject(value);
  if (!parsed) return ["is not an object of names and texts."];
  return Object.entries(parsed).flatMap(([id, text]) => {
    if (!/^[A-Za-z_][\w.-]*$/.test(id)) return [`has "${id}", which is not a secret's name.`];
    if (id === certificateSecret) {
      return [`has \`${id}\`, the name of the certificates that downloads trust. Use another.`];
    }
    return typeof text === "string" ? [] : [`has \`${id}\`, which is not text. Put it in quotes.`];
  });
};

/** Resources of a container. */
export const findResourcesProblems: Validator = (value) => {
  const parsed = tryParseObject(value);
  if (!parsed) return ["is not an object with `requests` and `limits`."];
  return Object.entries(parsed).flatMap(([part, quantities]) => {
    if (part !== "requests" && part !== "limits") {
      return [`has "${part}". It may have \`requests\` and \`limits\`.`];
    }
    if (typeof quantities !== "object" || quantities === null || Array.isArray(quantities)) {
      return [`has \`${part}\`, which is not an object such as { cpu: "100m", memory: "64Mi" }.`];
    }
    return Object.entries(quantities)
      .filter(([, quantity]) => !/^\d+(\.\d+)?([EPTGMk]i?|m)?$/.test(String(quantity)))
      .map(([name]) => `has \`${part}.${name}\`, which is not an amount such as "100m" or "64Mi".`);
  });
};

/** The object that a JSON text stands for; nothing if it is another kind of value or no JSON. */
export function tryParseObject(text: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    const isObject = typeof parsed === "object" && parsed !== null && !Array.isArray(parsed);
    return isObject ? (parsed as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** The word that `word` is likely a slip of: at most two letters differ. */
export function findNearest(word: string, known: readonly string[]): string | undefined {
  const [nearest] = known
    .map((candidate) => ({
      candidate,
      distance: countEdits(word.toLowerCase(), candidate.toLowerCase()),
    }))
    .sort((a, b) => a.distance - b.distance);
  return nearest !== undefined && nearest.distance <= 2 ? nearest.candidate : undefined;
}

/** Letters to add, drop or change to get from one word to the other (Levenshtein's distance). */
function countEdits(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...to].entries()) {
      next.push(Math.min(row[j] + (letter === other ? 0 : 1), row[j + 1] + 1, next[j] + 1));
    }
    row = next;
  }
  return row[to.length];
}
