/*
 * Headers that depend on the environment. They are sent at run time, and never in the image: a release runs on
 * several stacks. Without Pulumi's SDK, because the configuration imports this too.
 */

/** How much a content policy allows. */
export const policyLevels = ["basic", "strict", "none"] as const;

/**
 * `basic`: any script, picture, font or frame, but the site can't be framed by other hosts, and `base` and plug-ins
 * stay on the site. It breaks no ordinary site.
 * `strict`: everything from the site itself, and from the named hosts.
 * `none`: no policy.
 *
 * @useDeclaredType
 */
export type PolicyLevel = (typeof policyLevels)[number];

/** A content policy. */
export interface ContentPolicy {
  /** @default "basic" */
  readonly level?: PolicyLevel;

  /**
   * Further hosts that a `strict` policy allows, such as `https://www.googletagmanager.com` or `*.example.com`.
   *
   * @default []
   */
  readonly hosts?: readonly string[];

  /**
   * Whether browsers only report what a `strict` policy would refuse, in their console. The `basic` one is enforced
   * meanwhile.
   *
   * @default false
   */
  readonly reportOnly?: boolean;
}

/** Headers of every answer. */
export interface HeaderArgs {
  /** @default { level: "basic" } */
  readonly contentPolicy?: ContentPolicy;

  /**
   * Seconds for which browsers come back by HTTPS alone (`Strict-Transport-Security`). 0 sends no such header.
   *
   * @default 0
   */
  readonly hstsMaxAge?: number;

  /**
   * Further headers by name. A name that is sent anyway is replaced, or with empty text not sent.
   *
   * @default {}
   */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Headers that the site's own `_headers` file replaces, and their variables in nginx.conf. An nginx.conf without
 * them, of an earlier Slipway or a site's own, starts with them, and does not send them.
 */
const variables: Readonly<Record<string, string>> = {
  "content-security-policy": "$header_content_security_policy",
  "referrer-policy": "$header_referrer_policy",
  "strict-transport-security": "$header_strict_transport_security",
  "x-content-type-options": "$header_x_content_type_options",
};

const basicPolicy = "frame-ancestors 'self'; object-src 'self'; base-uri 'self'";

/** Renders the headers as lines of nginx's server block. */
export function renderHeaders(args: HeaderArgs): string[] {
  const sent = new Map<string, readonly [name: string, value: string]>();
  for (const [name, value] of [...listDefaults(args), ...Object.entries(args.headers ?? {})]) {
    sent.set(name.toLowerCase(), [name, value]);
  }
  return [...sent]
    .filter(([, [, value]]) => value !== "")
    .map(([key, [name, value]]) => {
      const variable = variables[key];
      return variable === undefined
        ? `add_header ${name} ${quote(value)} always;`
        : `set ${variable} ${quote(value)};`;
    });
}

/** Lists what is sent unless `headers` says otherwise: name and value, which is empty if the header is not sent. */
export function listDefaults({
  contentPolicy = {},
  hstsMaxAge = 0,
}: HeaderArgs): [string, string][] {
  const { hosts = [], level = "basic", reportOnly = false } = contentPolicy;
  const isTried = level === "strict" && reportOnly;
  const strictPolicy = level === "strict" ? renderStrictPolicy(hosts) : "";
  const policy = level === "none" ? "" : basicPolicy;
  return [
    ["Content-Security-Policy", level === "strict" && !isTried ? strictPolicy : policy],
    ["Content-Security-Policy-Report-Only", isTried ? strictPolicy : ""],
    ["Referrer-Policy", "strict-origin-when-cross-origin"],
    ["X-Content-Type-Options", "nosniff"],
    ["Strict-Transport-Security", hstsMaxAge === 0 ? "" : `max-age=${hstsMaxAge}`],
  ];
}

/** Gatsby's pages have scripts and styles of their own in them; its image plug-in has pictures as `data:`. */
function renderStrictPolicy(hosts: readonly string[]): string {
  const allow = (directive: string, ...sources: string[]): string =>
    [directive, "'self'", ...sources, ...hosts].join(" ");
  return [
    "default-src 'self'",
    allow("script-src", "'unsafe-inline'"),
    allow("style-src", "'unsafe-inline'"),
    allow("img-src", "data:", "blob:"),
    allow("font-src", "data:"),
    allow("connect-src"),
    allow("media-src", "data:", "blob:"),
    allow("frame-src"),
    "worker-src 'self' blob:",
    allow("form-action"),
    "object-src 'none'",
    "base-uri 'self'",
    "frame-ancestors 'self'",
  ].join("; ");
}

function quote(value: string): string {
  return `"${value.replace(/["\\]/g, "\\$&")}"`;
}

/** Headers that nginx or a proxy decides about, or that are a promise about one answer alone. */
const reserved = [
  "cache-control",
  "connection",
  "content-encoding",
  "content-length",
  "content-type",
  "date",
  "etag",
  "last-modified",
  "location",
  "server",
  "set-cookie",
  "transfer-encoding",
  "vary",
];

/** What is wrong with a header's name; undefined if nothing is. */
export function findHeaderNameProblem(name: string): string | undefined {
  if (!/^[A-Za-z][A-Za-z0-9-]*$/.test(name)) return `has "${name}", which is not a header's name.`;
  return reserved.includes(name.toLowerCase())
    ? `has "${name}", which the web server decides for each answer. Remove it.`
    : undefined;
}

/** What is wrong with a header's value; undefined if nothing is. */
export function findHeaderValueProblem(value: string): string | undefined {
  if (!/^[\x20-\x7e]*$/.test(value)) return "has characters that are not printable ASCII.";
  // nginx has no way to write this character: it begins a variable.
  return value.includes("$") ? 'has "$", which nginx can\'t send.' : undefined;
}

/** What is wrong with a content policy's host; undefined if nothing is. */
export function findPolicyHostProblem(host: string): string | undefined {
  return /^((https?|wss?):\/\/)?(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:(\d+|\*))?(\/[\w./%~-]*)?$/i.test(
    host,
  )
    ? undefined
    : `is "${host}", which is not a host such as "https://www.example.com" or "*.example.com".`;
}
