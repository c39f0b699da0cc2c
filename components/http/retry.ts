/** A request without an answer, or with one that says that it was not carried out. */
export interface FailedAttempt {
  /** 1 for the first attempt. */
  readonly number: number;

  /** HTTP method. */
  readonly method: string;

  /** HTTP status; undefined if there was no answer. */
  readonly status?: number;

  /** The answer's headers, their names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
}

const attempts = 5;
const firstDelayMs = 500;

/** The longest wait that a server may ask for, because a job is waiting. */
const longestDelayMs = 60_000;

/** Statuses of a restarting server, or of a proxy in front of it. */
export const restartStatuses: readonly number[] = [502, 503, 504];

/**
 * Computes how long to wait before a request is sent again.
 *
 * After 429 (too many requests) nothing was done, so every method is repeated, at the time that the server names.
 * After a status in `transient`, or no answer, a POST may have been carried out, so it is not repeated.
 *
 * @param transient statuses after which another attempt may succeed
 * @returns milliseconds; undefined if the request should not be repeated
 * @see https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/#response-headers
 */
export function computeRetryDelay(
  { headers = {}, method, number, status }: FailedAttempt,
  now: Date,
  transient: readonly number[] = restartStatuses,
): number | undefined {
  if (number >= attempts) return undefined;
  const backoff = firstDelayMs * 2 ** (number - 1);
  if (status === 429) {
    return limit(findRetryAfter(headers, now) ?? findLimitReset(headers, now) ?? backoff);
  }
  const mayHelp = (status === undefined || transient.includes(status)) && method !== "POST";
  return mayHelp ? limit(Math.max(findRetryAfter(headers, now) ?? 0, backoff)) : undefined;
}

function limit(delayMs: number): number | undefined {
  return delayMs <= longestDelayMs ? delayMs : undefined;
}

/** Reads `Retry-After`, in seconds or as a date. */
function findRetryAfter(headers: Readonly<Record<string, string>>, now: Date): number | undefined {
  const after = headers["retry-after"];
  if (after === undefined) return undefined;
  const delay = /^\d+$/.test(after) ? Number(after) * 1000 : Date.parse(after) - now.getTime();
  return Number.isNaN(delay) ? undefined : Math.max(0, delay);
}

/** Reads `RateLimit-Reset`, in seconds since 1970. GitLab sends it with every answer. */
function findLimitReset(headers: Readonly<Record<string, string>>, now: Date): number | undefined {
  const reset = headers["ratelimit-reset"];
  return reset !== undefined && /^\d+$/.test(reset)
    ? Math.max(0, Number(reset) * 1000 - now.getTime())
    : undefined;
}
