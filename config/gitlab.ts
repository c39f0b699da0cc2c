import type * as gitlab from "@pulumi/gitlab";
import * as pulumi from "@pulumi/pulumi";

/** Keys of `gitlab:*`, by how their values are written. */
const keysByKind = {
  text: ["baseUrl", "cacertFile", "clientCert", "clientKey", "configFile", "context", "token"],
  json: ["earlyAuthCheck", "enableAutoCiSupport", "headers", "insecure", "retries"],
} as const;

/**
 * How to reach GitLab: the stack's `gitlab:*`, as the provider would read it of itself, and the company's CA.
 *
 * @param values all values of the stack, by `namespace:key`
 * @param secrets the keys that are stored as secrets
 */
export function readGitLabConnection(
  values: Readonly<Record<string, string>>,
  secrets: readonly string[],
  cacertFile: string | undefined,
): gitlab.ProviderArgs {
  const read = (key: string, parse: (text: string) => unknown): [string, unknown][] => {
    const text = values[`gitlab:${key}`];
    if (!text) return [];
    const value = parse(text);
    return [[key, secrets.includes(`gitlab:${key}`) ? pulumi.secret(value) : value]];
  };
  return Object.fromEntries([
    ...(cacertFile === undefined ? [] : [["cacertFile", cacertFile]]),
    ...keysByKind.text.flatMap((key) => read(key, String)),
    ...keysByKind.json.flatMap((key) => read(key, JSON.parse)),
  ]) as gitlab.ProviderArgs;
}

/** Host name of GitLab, without port. */
export function findGitLabHost(
  values: Readonly<Record<string, string>>,
  env: NodeJS.ProcessEnv,
): string {
  const url = values["gitlab:baseUrl"] || env.GITLAB_BASE_URL || "https://gitlab.com";
  return URL.canParse(url) ? new URL(url).hostname : url;
}
