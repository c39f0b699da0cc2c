import type { HttpRequest } from "../http/transport";
import { tryParseJson } from "../json";

/** The service that gives out a registry's tokens, as the registry names it. */
export interface TokenChallenge {
  /** URL of the service. */
  readonly realm: string;
  /** Name of the registry for that service. */
  readonly service: string;
}

/**
 * Reads `Bearer realm="...",service="..."`, the header `www-authenticate` of a registry's answer.
 *
 * @returns undefined if it is not such a challenge
 * @see https://distribution.github.io/distribution/spec/auth/token/
 */
export function parseChallenge(header: string): TokenChallenge | undefined {
  const realm = /^Bearer .*\brealm="([^"]+)"/i.exec(header)?.[1];
  if (realm === undefined) return undefined;
  return { realm, service: /\bservice="([^"]+)"/i.exec(header)?.[1] ?? "" };
}

/**
 * Builds the request for a token. It is a GET, since GitLab answers POST with 404.
 *
 * @param actions what to ask for in the repository, such as `pull,push`
 * @returns undefined if the service is not reached through HTTPS: a password never goes out unencrypted
 */
export function buildTokenRequest(
  { realm, service }: TokenChallenge,
  path: string,
  actions: string,
  login: { readonly username: string; readonly password: string },
): HttpRequest | undefined {
  const url = URL.parse(realm);
  if (!url || url.protocol !== "https:") return undefined;
  url.searchParams.set("service", service);
  url.searchParams.set("scope", `repository:${path}:${actions}`);
  const basic = Buffer.from(`${login.username}:${login.password}`).toString("base64");
  return { method: "GET", url: url.href, headers: { authorization: `Basic ${basic}` } };
}

/** Reads the token of the service's answer; undefined if it has none. */
export function readToken(text: string): string | undefined {
  const { token } = (tryParseJson(text) ?? {}) as { token?: unknown };
  return typeof token === "string" ? token : undefined;
}

/** Registry and token service both explain a refusal as `{"errors": [{"code", "message"}]}`. */
export function readRefusal(text: string): string | undefined {
  const { errors } = (tryParseJson(text) ?? {}) as { errors?: { message?: unknown }[] };
  const message = errors?.[0]?.message;
  return typeof message === "string" ? message.slice(0, 200) : undefined;
}
