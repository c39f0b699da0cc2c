import * as tls from "node:tls";

import { Agent, type Dispatcher, interceptors, request } from "undici";

import { findGitLabRemedy } from "../../components/registry/gitlabRemedies";
import { UserError } from "../errors";

/** How to reach a GitLab, and as whom. */
export interface GitLabConnection {
  /** URL of the API, such as `https://gitlab.example.com/api/v4`. */
  readonly apiUrl: string;
  /** Access token. No error shows it. */
  readonly token: string;
  /** CA that signed the server's certificate beside the usual ones, as PEM. */
  readonly authority?: string;
}

/** What deploy tokens belong to. */
export interface TokenParent {
  readonly kind: "project" | "group";
  /** Path or number. */
  readonly path: string;
}

/** A deploy token, without its value: GitLab never tells it again. */
export interface DeployTokenInfo {
  readonly id: number;
  readonly name: string;
  /** RFC 3339 time; null for one that never ends. */
  readonly expires_at: string | null;
}

const timeoutMs = 20_000;
const attempts = 4;
const firstWaitMs = 500;
const longestWaitMs = 10_000;
const errorBodyLimit = 300;
const pageSize = 100;

/** What a call has beside its address. */
export interface CallOptions {
  /** Sent as JSON. */
  readonly body?: object;
  /** Statuses of failures that are answers too. */
  readonly accepted?: readonly number[];
}

/** GitLab's REST API: its calls, and those about deploy tokens. */
export class GitLabApi {
  private readonly dispatcher: Dispatcher;

  constructor(private readonly connection: GitLabConnection) {
    const { authority } = connection;
    const ca = authority && [...tls.getCACertificates("default"), authority];
    this.dispatcher = new Agent({ connect: { ca } }).compose(
      interceptors.retry({
        maxRetries: attempts - 1,
        minTimeout: firstWaitMs,
        maxTimeout: longestWaitMs,
        // Only what has the same effect twice as once.
        methods: ["GET", "PUT", "DELETE"],
        statusCodes: [429, 502, 503, 504],
        throwOnError: false,
      }),
    );
  }

  /** All deploy tokens of a project or group, those that have ended included. */
  public async listDeployTokens(holder: TokenParent): Promise<DeployTokenInfo[]> {
    return this.listAll<DeployTokenInfo>(locateTokens(holder));
  }

  /** Revokes a deploy token. One that is gone already is fine. */
  public async revokeDeployToken(holder: TokenParent, id: number): Promise<void> {
    await this.call("DELETE", `${locateTokens(holder)}/${id}`, { accepted: [404] });
  }

  /** Everything that a list has, over all its pages. */
  public async listAll<T>(path: string): Promise<T[]> {
    const all: T[] = [];
    let page = "1";
    while (page !== "") {
      const query = `?per_page=${pageSize}&page=${page}`;
      const { body, nextPage } = await this.call("GET", path + query);
      all.push(...(body as T[]));
      page = nextPage;
    }
    return all;
  }

  /**
   * Calls the API once, or more often where that helps.
   *
   * @param path below the API's
   * @throws UserError with the call, what GitLab said and what to do about it
   */
  public async call(
    method: "GET" | "PUT" | "DELETE",
    path: string,
    { accepted = [], body }: CallOptions = {},
  ): Promise<{ body: unknown; nextPage: string }> {
    const { apiUrl, token } = this.connection;
    const url = apiUrl + path;
    const answer = await request(url, {
      method,
      dispatcher: this.dispatcher,
      headers: { "private-token": token, ...(body && { "content-type": "application/json" }) },
      body: body && JSON.stringify(body),
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    }).catch((cause: unknown) => {
      throw describeFailure(`Request failed: ${method} ${url}: ${describeCause(cause)}`, cause);
    });
    const text = await answer.body.text();
    if (answer.statusCode >= 400 && !accepted.includes(answer.statusCode)) {
      const said = text.replaceAll(token, "[secret]").slice(0, errorBodyLimit);
      throw describeFailure(
        `Request failed with status code ${answer.statusCode}: ${method} ${url}: ${said}`,
      );
    }
    const header = answer.headers["x-next-page"];
    return { body: tryParse(text), nextPage: typeof header === "string" ? header : "" };
  }
}

function locateTokens({ kind, path }: TokenParent): string {
  return `/${kind}s/${encodeURIComponent(path)}/deploy_tokens`;
}

function describeFailure(text: string, cause?: unknown): UserError {
  const remedy = findGitLabRemedy(text);
  return new UserError([text.trim(), ...(remedy === undefined ? [] : [remedy])].join("\n"), {
    cause,
  });
}

/** Node gathers the failures of all of a host's addresses into one error without words. */
function describeCause(cause: unknown): string {
  if (cause instanceof AggregateError) return cause.errors.map(describeCause).join("; ");
  return cause instanceof Error ? cause.message : String(cause);
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
