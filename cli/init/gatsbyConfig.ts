import { posix } from "node:path";

import { readText, type Repository } from "./repository";

/** A value of gatsby-config: its text, or that it is computed, so that only Gatsby knows it. */
export type ConfigValue = { readonly text: string } | "computed" | undefined;

/** What `slipway init` reads of a site's gatsby-config. */
export interface GatsbyConfig {
  /** Path of the file; undefined if there is none. */
  readonly file?: string;
  readonly pathPrefix: ConfigValue;
  readonly trailingSlash: ConfigValue;
}

const names = ["gatsby-config.js", "gatsby-config.mjs", "gatsby-config.cjs", "gatsby-config.ts"];

/** Reads a site's gatsby-config as text: to run it, the site's packages would have to be installed. */
export function readGatsbyConfig(repository: Repository, site: string): GatsbyConfig {
  const file = names
    .map((name) => posix.join(site, name))
    .find((path) => repository.files.includes(path));
  const source = file === undefined ? "" : removeComments(readText(repository, file) ?? "");
  return {
    file,
    pathPrefix: findValue(source, "pathPrefix"),
    trailingSlash: findValue(source, "trailingSlash"),
  };
}

function findValue(source: string, key: string): ConfigValue {
  const property = new RegExp(`(?<![\\w$.])(["']?)${key}\\1\\s*(:|[,}=])\\s*([^\\n]*)`, "g");
  const found = [...source.matchAll(property)].map(([, , separator, rest]): ConfigValue => {
    // `pathPrefix,` and `const pathPrefix = ...`: the value is elsewhere.
    if (separator !== ":") return "computed";
    const text = /^(["'`])((?:(?!\1)[^\\$])*)\1\s*(?:as const\s*)?(?:[,}]|$)/.exec(rest)?.[2];
    return text === undefined ? "computed" : { text };
  });
  const texts = new Set(found.map((value) => (typeof value === "object" ? value.text : undefined)));
  // Two values, such as a plugin's own option of that name: which is the site's can't be told.
  return texts.size > 1 ? "computed" : found.at(0);
}

/** Without comments; texts stay, as `//` is in addresses too. */
function removeComments(source: string): string {
  const parts =
    /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
  return source.replace(parts, (_, text: string | undefined) => text ?? "");
}
