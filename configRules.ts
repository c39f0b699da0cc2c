/*
 * What each value of the configuration must be. A rule is given a value as text and returns what is wrong
 * with it, each time a sentence that goes on from the key's name; nothing when it is fine.
 */

/** A rule for one value. */
export type Rule = (value: string) => string[];

/** A rule for text that has one shape. `shape` says it in words, e.g. "a host name such as ...". */
export function matches(pattern: RegExp, shape: string): Rule {
  return (value) => (pattern.test(value) ? [] : [`is "${value}", which is not ${shape}.`]);
}

/** A rule for text out of a closed list. */
export function isOneOf(allowed: readonly string[]): Rule {
  const listed = allowed.map((one) => `"${one}"`).join(" or ");
  return (value) => (allowed.includes(value) ? [] : [`is "${value}", which is not ${listed}.`]);
}

/** A rule for whole numbers within bounds. */
export function isWholeNumber(lowest: number, highest: number): Rule {
  return (value) =>
    /^-?\d+$/.test(value) && Number(value) >= lowest && Number(value) <= highest
      ? []
      : [`is "${value}", which is not a whole number from ${lowest} to ${highest}.`];
}

/** A rule for lists of texts that have one shape. `shape` says it in words, of one of them. */
export function isListOf(pattern: RegExp, shape: string): Rule {
  return (value) => {
    const parsed = tryParse(value);
    if (!Array.isArray(parsed)) return ["is not a list."];
    return parsed
      .filter((one) => typeof one !== "string" || !pattern.test(one))
      .map((one) => `has ${JSON.stringify(one)}, which is not ${shape}.`);
  };
}

const pathPattern = /^[A-Za-z0-9_][\w.-]*(\/[A-Za-z0-9_][\w.-]*)*$/;

/** A project's path: the image repository is named after it. */
export const findProjectProblems: Rule = (value) => {
  if (/^\d+$/.test(value)) {
    return [`is "${value}", a number. Images are named after the project's path: use that.`];
  }
  return value.includes("/") && pathPattern.test(value)
    ? []
    : [`is "${value}", which is not a path such as "group/project".`];
};

/** A group's path or number. */
export const findGroupProblems: Rule = matches(
  pathPattern,
  'the path or number of a group, such as "group"',
);

/** A registry as images name it. */
export const findRegistryProblems: Rule = (value) => {
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

/** A path that is the same on every machine: the state holds it. */
export const findPathProblems: Rule = (value) => {
  if (value.startsWith("/") || /^[A-Za-z]:/.test(value) || value.includes("\\")) {
    return [`is "${value}". Use a path with "/", relative to the folder of Pulumi.yaml.`];
  }
  return value.split("/").includes("..")
    ? [`is "${value}", which leads out of the folder of Pulumi.yaml.`]
    : [];
};

/** Build arguments: an object of texts. */
export const findBuildArgsProblems: Rule = (value) => {
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

/** Resources of a container. */
export const findResourcesProblems: Rule = (value) => {
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
  const parsed = tryParse(text);
  const isObject = typeof parsed === "object" && parsed !== null && !Array.isArray(parsed);
  return isObject ? (parsed as Record<string, unknown>) : undefined;
}

/** What a JSON text stands for; nothing if it is no JSON. */
function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
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
