import { EnvHttpProxyAgent, interceptors, request, type Dispatcher } from "undici";

import { computeRetryDelay, type FailedAttempt } from "./retry";

/** Time for one answer. GitLab itself ends a request after a minute. */
const answerTimeoutMs = 20_000;

/** Time for a request with all its repetitions. */
const totalTimeoutMs = 180_000;

/** Characters of an answer's message that go into an error. */
const messageLimit = 300;

/** An answer that is not what was asked for. */
export class GitLabRequestError extends Error {
  public override readonly name = "GitLabRequestError";

  constructor(
    message: string,
    /** HTTP status. */
    public readonly status: number,
    /** What GitLab says about it; may be empty. */
    public readonly reason: string,
  ) {
    super(message);
  }
}

/** One call of GitLab's REST API. */
export interface GitLabCall {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Below the API's address, with its query. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: object;
}

/** An answer of GitLab's REST API. */
export interface GitLabAnswer {
  readonly body: unknown;
  /** The header `X-Next-Page`, the number of the next page; undefined on the last. */
  readonly nextPage?: string;
}

/** Asks GitLab. */
export type GitLabRequest = (call: GitLabCall) => Promise<GitLabAnswer>;

/**
 * Makes a function that asks one GitLab, with a limit of time, and again where that can help. Proxies are
 * those of the environment (`https_proxy`, `no_proxy`); authorities those of Node and `NODE_EXTRA_CA_CERTS`.
 *
 * @param api the API's address, as `CI_API_V4_URL` has it
 * @param token access token. It is in no error's message
 * @throws GitLabRequestError where the answer's status is an error
 */
export function createGitLabRequest(api: string, token: string): GitLabRequest {
  const dispatcher = createDispatcher();
  return async ({ method, path, body }) => {
    const address = `${api.replace(/\/+$/, "")}/${path}`;
    const answer = await request(address, {
      method,
      dispatcher,
      headers: { "private-token": token, ...(body && { "content-type": "application/json" }) },
      body: body && JSON.stringify(body),
      headersTimeout: answerTimeoutMs,
      bodyTimeout: answerTimeoutMs,
      signal: AbortSignal.timeout(totalTimeoutMs),
    });
    const text = await answer.body.text();
    if (answer.statusCode >= 300) {
      throw new GitLabRequestError(
        `Request failed with status code ${answer.statusCode}: ${method} ${address}`,
        answer.statusCode,
        findReason(text),
      );
    }
    const next = answer.headers["x-next-page"];
    return {
      body: tryParse(text),
      nextPage: typeof next === "string" && next !== "" ? next : undefined,
    };
  };
}

function createDispatcher(): Dispatcher {
  const repeat = interceptors.retry({
    throwOnError: false,
    retry: (error, { state, opts }, done) => {
      const { statusCode: status, headers } = error as Error & {
        statusCode?: number;
        headers?: Record<string, string>;
      };
      const attempt: FailedAttempt = {
        number: state.counter,
        method: opts.method,
        status,
        headers,
      };
      const delay = computeRetryDelay(attempt, new Date());
      if (delay === undefined) done(error);
      else setTimeout(done, delay);
    },
  });
  return new EnvHttpProxyAgent().compose(repeat);
}

/** GitLab's messages come under three names, some inside an object. */
function findReason(text: string): string {
  const body = tryParse(text);
  if (typeof body !== "object" || body === null) return text.slice(0, messageLimit).trim();
  const { message, error_description, error } = body as Record<string, unknown>;
  const reason = message ?? error_description ?? error ?? "";
  return (typeof reason === "string" ? reason : JSON.stringify(reason)).slice(0, messageLimit);
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
