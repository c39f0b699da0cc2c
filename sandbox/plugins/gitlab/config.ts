import * as fs from "node:fs";
import * as tls from "node:tls";

import { textAt } from "../json";
import { unwrapMap } from "../properties";
import type { JsonObject, PropertyMap, PropertyValue } from "../properties";
import type { CheckFailure } from "../provider";

const DEFAULT_BASE_URL = "https://gitlab.com";
const API_PATH = "/api/v4";
const DEFAULT_RETRIES = 5;

/** Settings of the official provider that this plugin supports. */
const OFFERED = [
  "baseUrl",
  "cacertFile",
  "clientCert",
  "clientKey",
  "earlyAuthCheck",
  "headers",
  "insecure",
  "retries",
  "token",
  "version",
  "pluginDownloadURL",
];

/** How to reach a GitLab, and how to authenticate. */
export interface Settings {
  /** URL of the API, without a trailing slash. */
  readonly apiUrl: string;
  readonly token: string;
  readonly headers: Record<string, string>;

  /** How often a rate-limited request is repeated. */
  readonly retries: number;

  /** Whether to check first that GitLab accepts the token. */
  readonly earlyAuthCheck: boolean;
  readonly tls: {
    readonly ca?: string | string[];
    readonly cert?: Buffer;
    readonly key?: Buffer;
    readonly rejectUnauthorized: boolean;
  };
}

/** Reads the configuration, then the environment. The engine sends a value that is not a string as its JSON text. */
export function readSettings(config: PropertyMap, environment = process.env): Settings {
  const plain = unwrapMap(config);
  const text = (key: string) => {
    const value = plain[key];
    return typeof value === "string" ? value : "";
  };
  const flag = (key: string) => plain[key] === true || plain[key] === "true";
  const file = (key: string) => (text(key) === "" ? undefined : fs.readFileSync(text(key)));
  const token = text("token") || (environment.GITLAB_TOKEN ?? "");
  if (token === "") {
    throw new Error(
      "`gitlab:token` is missing. Set the environment variable GITLAB_TOKEN, or run: pulumi config set --secret gitlab:token <token>",
    );
  }
  const base = text("baseUrl") || (environment.GITLAB_BASE_URL ?? "") || DEFAULT_BASE_URL;
  const trimmed = base.replace(/\/+$/, "");
  return {
    apiUrl: trimmed.endsWith(API_PATH) ? trimmed : trimmed + API_PATH,
    token,
    headers: readHeaders(plain.headers),
    retries: Number(plain.retries ?? DEFAULT_RETRIES),
    earlyAuthCheck: plain.earlyAuthCheck !== false && plain.earlyAuthCheck !== "false",
    tls: {
      ca:
        file("cacertFile")?.toString() ??
        (trimmed.startsWith("https:") ? systemRoots() : undefined),
      cert: file("clientCert"),
      key: file("clientKey"),
      rejectUnauthorized: !flag("insecure"),
    },
  };
}

/** Finds settings that this plugin doesn't support, because ignoring them would be wrong. */
export function findConfigProblems(config: PropertyMap): CheckFailure[] {
  return Object.keys(config)
    .filter((key) => !OFFERED.includes(key) && !key.startsWith("__"))
    .map((property) => ({
      property,
      reason: `\`${property}\` is not offered by the stand-in for pulumi-resource-gitlab. Leave it out, or put the official plugin on PATH.`,
    }));
}

/** Returns the CAs that a Go program trusts: the system's, or those of the file in `SSL_CERT_FILE`. */
function systemRoots(): string[] {
  return tls.getCACertificates("system");
}

function readHeaders(value: PropertyValue | undefined): Record<string, string> {
  const headers = (typeof value === "string" ? JSON.parse(value) : (value ?? {})) as JsonObject;
  return Object.fromEntries(Object.keys(headers).map((key) => [key, textAt(headers, key)]));
}
