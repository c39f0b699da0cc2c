import { Agent, interceptors, request } from "undici";
import type { Dispatcher, RetryHandler } from "undici";

import { describeCause } from "../cause";
import { isObject } from "../properties";
import type { Json, JsonObject } from "../properties";
import { redact } from "../redact";
import type { Settings } from "./config";

const REQUEST_TIMEOUT_MS = 30_000;
const ERROR_BODY_LIMIT = 500;
const FIRST_BACKOFF_MS = 500;
const LONGEST_WAIT_MS = 120_000;

/** GitLab refused a request. */
class GitLabError extends Error {
  override readonly name = "GitLabError";

  constructor(
    message: string,
    readonly statusCode: number,
  ) {
    super(message);
  }
}

/** Client of GitLab's REST API. */
export class GitLabClient {
  private readonly dispatcher: Dispatcher;

  constructor(private readonly settings: Settings) {
    const agent = new Agent({ connect: settings.tls });
    this.dispatcher = agent.compose(interceptors.retry(limitRetries(settings.retries)));
  }

  /** Sends a request below the API's URL and parses its JSON. */
  async call(
    method: "GET" | "POST" | "DELETE",
    path: string,
    body?: JsonObject,
  ): Promise<JsonObject> {
    const { apiUrl, token, headers } = this.settings;
    const url = apiUrl + path;
    const response = await request(url, {
      method,
      dispatcher: this.dispatcher,
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS + LONGEST_WAIT_MS * this.settings.retries),
      headersTimeout: REQUEST_TIMEOUT_MS,
      bodyTimeout: REQUEST_TIMEOUT_MS,
      headers: {
        ...headers,
        "content-type": body === undefined ? undefined : "application/json",
        "private-token": token,
        "user-agent": "slipway-pulumi-resource-gitlab",
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    }).catch((cause: unknown) => {
      throw new Error(`${method} ${url}: ${describeCause(cause)}`, { cause });
    });
    const text = await response.body.text();
    if (response.statusCode >= 400) {
      const answer = redact(describeBody(text), [token]).slice(0, ERROR_BODY_LIMIT);
      const { statusCode } = response;
      throw new GitLabError(`${method} ${url}: ${String(statusCode)} ${answer}`, statusCode);
    }
    const json = parse(text);
    return isObject(json) ? json : {};
  }
}

/** Whether the error says that the requested record does not exist or is not visible. */
export function isNotFound(error: unknown): boolean {
  return error instanceof GitLabError && error.statusCode === 404;
}

/**
 * Options that repeat only requests that GitLab refused because of a rate limit: a create that failed half-way must
 * not happen twice. GitLab says when to repeat them.
 */
function limitRetries(maxRetries: number): RetryHandler.RetryOptions {
  return {
    maxRetries,
    methods: ["GET", "POST", "DELETE"],
    statusCodes: [429],
    errorCodes: [],
    throwOnError: false,
    retry: (error, { state }, callback) => {
      const { statusCode, headers } = error as {
        statusCode?: number;
        headers?: Record<string, string>;
      };
      if (statusCode !== 429 || state.counter > maxRetries) {
        callback(error);
        return;
      }
      setTimeout(() => callback(null), computeWait(headers ?? {}, state.counter, Date.now()));
    },
  };
}

/**
 * Computes how long to wait, in milliseconds, from the headers of a rate-limited answer; without them the wait grows
 * each time.
 */
export function computeWait(
  headers: Record<string, string | undefined>,
  attempt: number,
  now: number,
): number {
  const after = Number(headers["retry-after"]) * 1000;
  const reset = Number(headers["ratelimit-reset"]) * 1000 - now;
  const backoff = FIRST_BACKOFF_MS * 2 ** Math.max(0, attempt - 1);
  const wait = [after, reset].find((candidate) => Number.isFinite(candidate)) ?? backoff;
  return Math.min(Math.max(wait, 0), LONGEST_WAIT_MS);
}

/** Renders an error's body in one line, as the official provider shows it: `{message: 404 Project Not Found}`. */
function describeBody(text: string): string {
  const json = parse(text);
  if (!isObject(json)) {
    return text.trim();
  }
  const fields = Object.entries(json).map(([key, value]) => `{${key}: ${inline(value)}}`);
  return fields.join(", ");
}

function inline(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
