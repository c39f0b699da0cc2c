/** What stands in a report for a value that nobody may see. Pulumi writes the same. */
export const secretText = "[secret]";

/**
 * What looks like a credential, wherever it turns up. Pulumi masks what it knows to be secret; a provider's
 * error message, or a program that took a token for a plain string, it can't know of.
 */
const patterns: readonly RegExp[] = [
  // GitLab's tokens by their prefix: personal, deploy, job, runner, feed, trigger, agent ...
  // https://docs.gitlab.com/security/tokens/#token-prefixes
  /\bgl[a-z]{2,6}-[\w.~+/-]{12,}=*/g,
  // The user and password of an address.
  /(?<=\b[a-z][a-z\d+.-]*:\/\/)[^\s/@"']+:[^\s/@"']+(?=@)/gi,
  /(?<=\b(?:authorization|private-token|job-token)["']?\s*[:=]\s*["']?(?:basic |bearer )?)[^\s"',]{8,}/gi,
  // The members of a Docker configuration, whether or not its JSON is quoted inside other JSON.
  /(?<=\\*"(?:auth|password|identitytoken)\\*"\s*:\s*\\*")[^"\\]+/gi,
  // JSON Web Tokens.
  /\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/gs,
];

/** Names of environment variables whose value is nobody's business. */
const secretName = /TOKEN|PASSWORD|PASSPHRASE|SECRET|CREDENTIAL|PRIVATE_KEY|ACCESS_KEY/i;

/** A shorter value would be found in words that have nothing to do with it. */
const shortestSecret = 8;

const base64Run = /[A-Za-z\d+/]{20,}={0,2}/g;

/** Replaces what looks like a credential by `[secret]`. */
export function redact(text: string): string {
  const clear = patterns.reduce((rest, pattern) => rest.replace(pattern, secretText), text);
  return clear.replace(base64Run, (run) => (hidesToken(run) ? secretText : run));
}

/**
 * Whether a text in base64 has a GitLab token in it, as the `auth` of a Docker configuration does; a
 * Kubernetes Secret has that in base64 once more.
 */
function hidesToken(base64: string): boolean {
  return [0, 1, 2, 3].some((offset) => {
    const text = Buffer.from(base64.slice(offset), "base64").toString("latin1");
    return /gl[a-z]{2,6}-[\w-]{8,}/.test(text) || (text.match(base64Run) ?? []).some(hidesToken);
  });
}

/**
 * Makes a function that takes the environment's own secrets out of a text: as they are, URL-encoded and in
 * base64, whatever stands before them. JSON stays JSON.
 *
 * @param env the variables; those count whose name says so, such as `GITLAB_TOKEN`
 */
export function createMask(env: NodeJS.ProcessEnv): (text: string) => string {
  const secrets = Object.entries(env)
    .filter(([name]) => secretName.test(name) && !name.endsWith("_FILE"))
    .map(([, value]) => value ?? "")
    .filter((value) => value.length >= shortestSecret)
    .flatMap(listEncodings)
    // The longest first: one may be a part of another.
    .sort((a, b) => b.length - a.length);
  return (text) => secrets.reduce((rest, secret) => rest.replaceAll(secret, secretText), text);
}

function listEncodings(secret: string): string[] {
  return [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    ...[0, 1, 2].map((offset) => encodeInside(secret, offset)),
  ].filter((encoded) => encoded.length >= shortestSecret);
}

/** The part of a longer base64 text that the secret alone decides, where it begins `offset` bytes after a multiple of three. */
function encodeInside(secret: string, offset: number): string {
  const bytes = Buffer.from("\0".repeat(offset) + secret);
  const whole = bytes.subarray(0, bytes.length - (bytes.length % 3)).toString("base64");
  return whole.slice(offset === 0 ? 0 : 4);
}
