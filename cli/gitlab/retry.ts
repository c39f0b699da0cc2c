/** A request that failed. */
export interface FailedAttempt {
  /** 1 for the first. */
  readonly number: number;
  readonly method: string;
  /** HTTP status; undefined where there was no answer. */
  readonly status?: number;
  /** The answer's headers, their names in small letters. */
  readonly headers?: Readonly<Record<string, string | string[] | undefined>>;
}

const attempts = 5;
const firstDelayMs = 500;

/** The longest that a job waits because GitLab says so. */
const longestDelayMs = 60_000;

/** Answers of whatever stands in front of GitLab while that starts or is busy. */
const passing = new Set([502, 503, 504]);

/**
 * Milliseconds to wait before the request is made again; undefined where it is not worth it.
 *
 * Too many requests (429) is an answer that did nothing, so anything is tried again, when GitLab says. After
 * 502, 503, 504 or no answer a POST may have been carried out: it is not repeated.
 *
 * @see https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/#response-headers
 */
export function computeRetryDelay(failed: FailedAttempt, now: Date): number | undefined {
  const { method, number, status } = failed;
  if (number >= attempts) return undefined;
  const backoff = firstDelayMs * 2 ** (number - 1);
  if (status === 429) {
    const asked = findAskedDelay(failed.headers ?? {}, now) ?? backoff;
    return asked <= longestDelayMs ? asked : undefined;
  }
  const mayHelp = (status === undefined || passing.has(status)) && method !== "POST";
  return mayHelp ? backoff : undefined;
}

/** `Retry-After` in seconds or as a date, else `RateLimit-Reset` as seconds since 1970. */
function findAskedDelay(
  headers: NonNullable<FailedAttempt["headers"]>,
  now: Date,
): number | undefined {
  const after = toText(headers["retry-after"]);
  if (after !== undefined) {
    const delay = /^\d+$/.test(after) ? Number(after) * 1000 : Date.parse(after) - now.getTime();
    if (!Number.isNaN(delay)) return Math.max(0, delay);
  }
  const reset = toText(headers["ratelimit-reset"]);
  if (reset !== undefined && /^\d+$/.test(reset)) {
    return Math.max(0, Number(reset) * 1000 - now.getTime());
  }
  return undefined;
}

function toText(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
