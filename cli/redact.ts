/** Text in place of a secret value. Pulumi uses the same. */
export const secretText = "[secret]";

/**
 * Patterns of credentials. Pulumi masks only values that it knows to be secret: not a token in a provider's
 * error message, nor a token that a program uses as a plain string.
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

/** Names of environment variables that hold a secret. */
const secretName = /TOKEN|PASSWORD|PASSPHRASE|SECRET|CREDENTIAL|PRIVATE_KEY|ACCESS_KEY/i;

/** Whether an environment variable holds a secret, by its name: `GITLAB_TOKEN` does. */
export function isSecretVariable(name: string): boolean {
  return secretName.test(name) && !name.endsWith("_FILE");
}

/** A shorter secret would also match unrelated words. */
const shortestSecret = 8;

const base64Run = /[A-Za-z\d+/]{20,}={0,2}/g;

/** Replaces what looks like a credential by `[secret]`. */
export function redact(text: string): string {
  const clear = patterns.reduce((rest, pattern) => rest.replace(pattern, secretText), text);
  return clear.replace(base64Run, (run) => (hidesToken(run) ? secretText : run));
}

/**
 * Whether a base64 text contains a GitLab token, such as the `auth` of a Docker configuration. A Kubernetes
 * Secret encodes that a second time.
 */
function hidesToken(base64: string): boolean {
  return [0, 1, 2, 3].some((offset) => {
    const text = Buffer.from(base64.slice(offset), "base64").toString("latin1");
    return /gl[a-z]{2,6}-[\w-]{8,}/.test(text) || (text.match(base64Run) ?? []).some(hidesToken);
  });
}

/**
 * Creates a function that replaces the environment's own secrets in a text, also if they are URL-encoded or in
 * base64 together with other text. JSON stays valid.
 *
 * @param env variables; one is secret if its name says so, such as `GITLAB_TOKEN`
 */
export function createMask(env: NodeJS.ProcessEnv): (text: string) => string {
  const secrets = Object.entries(env)
    .filter(([name]) => isSecretVariable(name))
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

/**
 * The part of a longer base64 text that depends on the secret alone, if it begins `offset` bytes after a
 * multiple of three.
 */
function encodeInside(secret: string, offset: number): string {
  const bytes = Buffer.from("\0".repeat(offset) + secret);
  const whole = bytes.subarray(0, bytes.length - (bytes.length % 3)).toString("base64");
  return whole.slice(offset === 0 ? 0 : 4);
}
