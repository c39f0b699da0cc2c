import * as tls from "node:tls";

import { Agent, type Dispatcher, interceptors, request } from "undici";

import { findGitLabRemedy } from "../components/gitlabRemedy";
import { UserError } from "./errors";

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
export interface TokenHolder {
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

/** The part of GitLab's REST API that is about deploy tokens. */
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
        methods: ["GET", "DELETE"],
        statusCodes: [429, 502, 503, 504],
        throwOnError: false,
      }),
    );
  }

  /** All deploy tokens of a project or group, those that have ended included. */
  public async listDeployTokens(holder: TokenHolder): Promise<DeployTokenInfo[]> {
    const tokens: DeployTokenInfo[] = [];
    let page = "1";
    while (page !== "") {
      const query = `?per_page=${pageSize}&page=${page}`;
      const { body, nextPage } = await this.call("GET", locateTokens(holder) + query);
      tokens.push(...(body as DeployTokenInfo[]));
      page = nextPage;
    }
    return tokens;
  }

  /** Revokes a deploy token. One that is gone already is fine. */
  public async revokeDeployToken(holder: TokenHolder, id: number): Promise<void> {
    await this.call("DELETE", `${locateTokens(holder)}/${id}`, [404]);
  }

  private async call(
    method: "GET" | "DELETE",
    path: string,
    accepted: readonly number[] = [],
  ): Promise<{ body: unknown; nextPage: string }> {
    const { apiUrl, token } = this.connection;
    const url = apiUrl + path;
    const answer = await request(url, {
      method,
      dispatcher: this.dispatcher,
      headers: { "private-token": token },
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

function locateTokens({ kind, path }: TokenHolder): string {
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
