import { ConnectionError } from "./connectionError";
import { computeRetryDelay, restartStatuses } from "./retry";
import { type HttpAnswer, type HttpRequest, Transport, type TransportOptions } from "./transport";

/** How requests are repeated and redirected. */
export interface HttpClientOptions extends TransportOptions {
  /** Statuses after which a request is repeated, in addition to 429. @default 502, 503 and 504 */
  readonly transientStatuses?: readonly number[];

  /** Time after which a request is not repeated any more, in milliseconds. @default 180000 */
  readonly totalTimeoutMs?: number;

  /**
   * Returns the headers for the redirect of a GET or HEAD, because the caller decides where credentials may go.
   * Returns undefined to not follow the redirect.
   */
  readonly follow: (from: URL, to: URL, request: HttpRequest) => HttpRequest["headers"] | undefined;
}

const defaultTotalTimeoutMs = 180_000;
const mostRedirects = 5;
const redirectStatuses: readonly number[] = [301, 302, 303, 307, 308];

/** Sends requests, repeats them if that is safe and may help, and follows redirects of GET and HEAD. */
export class HttpClient {
  private readonly transport: Transport;

  constructor(private readonly options: HttpClientOptions) {
    this.transport = new Transport(options);
  }

  /**
   * Sends a request.
   *
   * @returns the answer, whatever its status, including a redirect that was not followed
   * @throws ConnectionError if there is no answer
   */
  public async request(request: HttpRequest): Promise<HttpAnswer> {
    let current = request;
    for (let redirects = 0; ; redirects++) {
      const answer = await this.sendWithRetry(current);
      const target = findRedirect(current.url, answer);
      const isReading = request.method === "GET" || request.method === "HEAD";
      if (target === undefined || !isReading || redirects === mostRedirects) return answer;
      const headers = this.options.follow(new URL(current.url), target, current);
      if (headers === undefined) return answer;
      current = { ...current, url: target.href, headers };
    }
  }

  private async sendWithRetry(request: HttpRequest): Promise<HttpAnswer> {
    const end = Date.now() + (this.options.totalTimeoutMs ?? defaultTotalTimeoutMs);
    for (let number = 1; ; number++) {
      const result = await this.attempt(request);
      const delay = this.findDelay(number, request.method, result);
      if (delay !== undefined && Date.now() + delay < end) {
        await new Promise((resolve) => setTimeout(resolve, delay));
      } else if (result instanceof ConnectionError) {
        throw result;
      } else {
        return result;
      }
    }
  }

  private async attempt(request: HttpRequest): Promise<HttpAnswer | ConnectionError> {
    try {
      return await this.transport.send(request);
    } catch (error) {
      if (error instanceof ConnectionError) return error;
      throw error;
    }
  }

  private findDelay(
    number: number,
    method: string,
    result: HttpAnswer | ConnectionError,
  ): number | undefined {
    if (result instanceof ConnectionError && !result.isTransient) return undefined;
    const answer = result instanceof ConnectionError ? {} : result;
    return computeRetryDelay(
      { number, method, ...answer },
      new Date(),
      this.options.transientStatuses ?? restartStatuses,
    );
  }
}

/** Returns the absolute URL that an answer redirects to. */
export function findRedirect(url: string, { headers, status }: HttpAnswer): URL | undefined {
  if (!redirectStatuses.includes(status) || headers.location === undefined) return undefined;
  return URL.parse(headers.location, url) ?? undefined;
}
