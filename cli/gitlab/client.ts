import { ConnectionError } from "../../components/http/connectionError";
import { findRedirect, HttpClient, type HttpClientOptions } from "../../components/http/httpClient";
import type { HttpAnswer, HttpRequest } from "../../components/http/transport";
import type { AccessPurpose } from "../../components/registry/gitlabRemedies";
import { tryParseJson } from "../../components/json";
import { GitLabError, readReason } from "./gitlabError";

/** How to reach a GitLab, and how to authenticate. */
export interface GitLabConnection {
  /** URL of the API, such as `https://gitlab.example.com/api/v4`. */
  readonly apiUrl: string;
  /** Access token. No error shows it. */
  readonly token: string;
  /** CA certificates to trust in addition to Node's own, as PEM. */
  readonly caCertificate?: string;
  /** Environment that names the proxies. @default this process's */
  readonly env?: NodeJS.ProcessEnv;
  /** Purpose of the token, which decides the remedies in errors. @default "stack" */
  readonly purpose?: AccessPurpose;
  /** Time limits of a call. @default those of the HTTP client */
  readonly limits?: Pick<HttpClientOptions, "timeoutMs" | "totalTimeoutMs">;
}

/** Additional options of a call. */
export interface CallOptions {
  /** Body, which is sent as JSON. */
  readonly body?: object;
  /** Statuses of failures that the caller handles. */
  readonly accepted?: readonly number[];
}

/** An answer of GitLab's API. */
export interface GitLabAnswer {
  /** Parsed JSON; undefined if the answer is not JSON. */
  readonly body: unknown;
  /** Number of the list's next page; empty on the last page. */
  readonly nextPage: string;
}

const pageSize = 100;

/**
 * Client of GitLab's REST API.
 *
 * Uses the environment's proxies, repeats requests if that is safe, and finds a renamed project by its old path for
 * reading.
 *
 * @see https://docs.gitlab.com/api/rest/
 */
export class GitLabClient {
  private readonly http: HttpClient;

  constructor(private readonly connection: GitLabConnection) {
    const { caCertificate, env, limits } = connection;
    this.http = new HttpClient({ ...limits, caCertificate, env, follow: followOnSameHost });
  }

  /** Reads a list with all its pages. */
  public async listAll<T>(path: string, query = ""): Promise<T[]> {
    const all: T[] = [];
    let page = "1";
    while (page !== "") {
      const url = `${path}?per_page=${pageSize}&page=${page}${query}`;
      const { body, nextPage } = await this.call("GET", url);
      if (!Array.isArray(body)) {
        throw this.createError("GET", path, {
          reason: "the answer is not a list in JSON",
          remedy:
            "Something else than GitLab's API answered. Check `gitlab:baseUrl` and the proxy.",
        });
      }
      all.push(...(body as T[]));
      page = nextPage;
    }
    return all;
  }

  /**
   * Calls the API.
   *
   * @param path path below the API's URL, with its query
   * @throws GitLabError if GitLab refuses, does not answer, or was moved
   */
  public async call(
    method: "DELETE" | "GET" | "POST" | "PUT",
    path: string,
    { accepted = [], body }: CallOptions = {},
  ): Promise<GitLabAnswer> {
    const answer = await this.send(method, path, body);
    const { headers, status, text } = answer;
    if (status >= 300 && !accepted.includes(status)) {
      throw await this.describeFailure(method, path, answer);
    }
    return { body: tryParseJson(text), nextPage: headers["x-next-page"] ?? "" };
  }

  private async send(
    method: HttpRequest["method"],
    path: string,
    body?: object,
  ): Promise<HttpAnswer> {
    const { apiUrl, token } = this.connection;
    const headers = {
      "private-token": token,
      ...(body && { "content-type": "application/json" }),
    };
    try {
      const text = body && JSON.stringify(body);
      return await this.http.request({ method, url: apiUrl + path, headers, body: text });
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      const { message: reason, remedy } = error;
      throw this.createError(method, path, { reason, remedy }, error);
    }
  }

  private async describeFailure(
    method: HttpRequest["method"],
    path: string,
    answer: HttpAnswer,
  ): Promise<GitLabError> {
    const { status, text } = answer;
    const reason = readReason(text.replaceAll(this.connection.token, "[secret]"));
    const target = findRedirect(this.connection.apiUrl + path, answer);
    const isMoved = status === 405 || target !== undefined;
    const remedy =
      (isMoved ? await this.findMovedProject(path) : undefined) ??
      (target && this.describeRedirect(target));
    return this.createError(method, path, { status, reason, remedy });
  }

  /**
   * Returns a moved project's new path. GitLab reads a project by its old path, but changes it only by the new one.
   */
  private async findMovedProject(path: string): Promise<string | undefined> {
    const [, encoded] = /^\/projects\/([^/?]+)/.exec(path) ?? [];
    if (encoded === undefined) return undefined;
    const answer = await this.send("GET", `/projects/${encoded}`).catch(() => undefined);
    const { path_with_namespace: now } = (tryParseJson(answer?.text ?? "") ?? {}) as {
      path_with_namespace?: unknown;
    };
    const before = decodeURIComponent(encoded);
    return typeof now === "string" && now !== before
      ? `\`${before}\` is now \`${now}\`, and GitLab changes nothing by the old path. Run: pulumi config set project ${now}`
      : undefined;
  }

  /** Describes a redirect that the client does not follow, with a remedy. */
  private describeRedirect({ host, origin, pathname, protocol }: URL): string {
    if (origin === new URL(this.connection.apiUrl).origin) {
      return `GitLab moved this to ${pathname}. Check \`project\` and \`gitlab:baseUrl\`.`;
    }
    return `GitLab redirects to ${protocol}//${host}, where the access token was not sent. If that is your GitLab, run: pulumi config set gitlab:baseUrl ${protocol}//${host}`;
  }

  private createError(
    method: string,
    path: string,
    failure: { readonly status?: number; readonly reason: string; readonly remedy?: string },
    cause?: unknown,
  ): GitLabError {
    const { apiUrl, purpose = "stack" } = this.connection;
    const url = hideSecrets(apiUrl + path);
    return new GitLabError({ method, url, purpose, ...failure }, { cause });
  }
}

/** Decides where to send the access token: only to the host that it is for, and never from HTTPS to plain HTTP. */
function followOnSameHost(
  from: URL,
  to: URL,
  { headers }: HttpRequest,
): HttpRequest["headers"] | undefined {
  const isUpgrade = from.protocol === "http:" && to.protocol === "https:";
  const isSame = to.origin === from.origin || (to.hostname === from.hostname && isUpgrade);
  return isSame ? headers : undefined;
}

/** Removes the query and the credentials of a URL, which may contain a token. */
function hideSecrets(url: string): string {
  const { host, pathname, protocol } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}
