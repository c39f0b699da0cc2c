import * as path from "node:path";

/** A reference to an environment variable, which npm and Yarn replace by its value. Its fallback is short. */
const reference = /^(?:[^$]*\$\{[A-Za-z_]\w*(?:\?|:?-[^}]{0,15})?\})+[^$]*$/;

/** Address with a password in it. */
const addressWithPassword = /:\/\/[^\s/:@]*:([^\s/@]+)@/;

/**
 * Finds the settings of a package manager that hold a token or a password in plain text. The build needs these
 * files, so that `.dockerignore` is no remedy.
 *
 * @param file path of the file, which decides how it is read
 * @returns the names of the settings, without their values
 * @see https://docs.npmjs.com/cli/v11/configuring-npm/npmrc#auth-related-configuration
 * @see https://yarnpkg.com/configuration/yarnrc#npmAuthToken
 */
export function findLiteralTokens(file: string, text: string): string[] {
  const settings = readers[path.posix.basename(file)]?.(text) ?? [];
  const names = settings
    .filter(([name, value]) => isSecret(name, unquote(value)))
    // `//registry.example.com/:_authToken`: the registry says nothing.
    .map(([name]) => name.replace(/^.*:/, ""));
  return [...new Set(names)];
}

type Settings = [name: string, value: string][];

const readers: Readonly<Record<string, (text: string) => Settings>> = {
  ".npmrc": (text) => readLines(text, /^\s*([^#;=\s][^=]*?)\s*=\s*(.*?)\s*$/gm),
  ".yarnrc": (text) => readLines(text, /^\s*"?([^#"\s]+)"?\s+(\S.*?)\s*$/gm),
  ".yarnrc.yml": (text) => [
    ...readLines(
      text,
      /\b(npmAuth(?:Ident|Token))["']?\s*:\s*("[^"\n]*"|'[^'\n]*'|(?:\$\{[^}\n]*\}|[^\s#,}])+)/g,
    ),
    ...readLines(text, /\b(\w+)["']?\s*:\s*("?https?:\/\/[^\s"]+)/g),
  ],
};

function readLines(text: string, pattern: RegExp): Settings {
  return [...text.matchAll(pattern)].map(([, name, value]) => [name, value]);
}

function unquote(value: string): string {
  return value.replace(/^(["'])(.*)\1$/, "$2");
}

function isSecret(name: string, value: string): boolean {
  const isToken = /(?:^|:)(?:_auth|_authToken|_password|key|npmAuthIdent|npmAuthToken)$/.test(name);
  const secret = isToken ? value : (addressWithPassword.exec(value)?.[1] ?? "");
  return secret !== "" && !reference.test(secret);
}
