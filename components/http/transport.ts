import * as tls from "node:tls";

import type { Dispatcher } from "undici";

import { ConnectionError, describeConnectionError } from "./connectionError";
import { findProxy, type Proxy, ProxySettingError } from "./proxy";

/** A request. */
export interface HttpRequest {
  readonly method: "DELETE" | "GET" | "HEAD" | "POST" | "PUT";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Reads the answer as bytes, and gives up if it has more. */
  readonly mostBytes?: number;
}

/** An answer, whatever its status. */
export interface HttpAnswer {
  readonly status: number;
  /** Headers by name in lower case; for a repeated header, the first value. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** What `text` was decoded from, if the request asked for bytes. */
  readonly bytes?: Buffer;
}

/** Options of connections. */
export interface TransportOptions {
  /** Environment that names the proxies. @default this process's */
  readonly env?: NodeJS.ProcessEnv;

  /** CA certificates to trust in addition to Node's own and those of `NODE_EXTRA_CA_CERTS`, as PEM. */
  readonly caCertificate?: string;

  /** Time limit for one attempt, in milliseconds. @default 30000 */
  readonly timeoutMs?: number;
}

const defaultTimeoutMs = 30_000;

/** Sends requests through the environment's proxies, and trusts a private CA. */
export class Transport {
  private readonly dispatchers = new Map<string, Dispatcher>();

  constructor(private readonly options: TransportOptions = {}) {}

  /**
   * Sends a request once. It follows no redirect.
   *
   * @throws ConnectionError if there is no answer
   */
  public async send({ body, headers, method, mostBytes, url }: HttpRequest): Promise<HttpAnswer> {
    const { env = process.env, timeoutMs = defaultTimeoutMs } = this.options;
    const target = new URL(url);
    const proxy = readProxy(target, env);
    // The signal also ends a CONNECT that a proxy never answers.
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      // Loaded here, since most previews send nothing.
      const undici = await import("undici");
      const dispatcher = this.openDispatcher(undici, proxy);
      const answer = await undici.request(target, { method, headers, body, dispatcher, signal });
      return {
        status: answer.statusCode,
        headers: flatten(answer.headers),
        ...(mostBytes === undefined
          ? { text: await answer.body.text() }
          : await readBytes(answer.body, mostBytes)),
      };
    } catch (error) {
      throw describeConnectionError(error, target, proxy);
    }
  }

  private openDispatcher(undici: typeof import("undici"), proxy: Proxy | undefined): Dispatcher {
    const key = proxy?.url ?? "";
    const known = this.dispatchers.get(key);
    if (known !== undefined) return known;
    const { caCertificate, timeoutMs = defaultTimeoutMs } = this.options;
    const trust = caCertificate
      ? { ca: [...tls.getCACertificates("default"), caCertificate] }
      : undefined;
    const dispatcher =
      proxy === undefined
        ? new undici.Agent({ connect: trust })
        : new undici.ProxyAgent({
            uri: proxy.url,
            requestTls: trust,
            proxyTls: trust,
            connectTimeout: timeoutMs,
            // Otherwise a CONNECT without an answer would keep the process alive for minutes.
            clientFactory: (origin, options) =>
              new undici.Pool(origin, { ...options, headersTimeout: timeoutMs }),
          });
    this.dispatchers.set(key, dispatcher);
    return dispatcher;
  }
}

async function readBytes(
  body: AsyncIterable<Buffer>,
  most: number,
): Promise<Pick<HttpAnswer, "bytes" | "text">> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of body) {
    length += part.length;
    // Leaving the loop ends the connection.
    if (length > most) throw new Error(`the answer has more than ${most} bytes`);
    parts.push(part);
  }
  const bytes = Buffer.concat(parts);
  return { bytes, text: bytes.toString() };
}

function readProxy(target: URL, env: NodeJS.ProcessEnv): Proxy | undefined {
  try {
    return findProxy(target, env);
  } catch (error) {
    if (!(error instanceof ProxySettingError)) throw error;
    throw new ConnectionError(error.message, "proxy", false, undefined, { cause: error });
  }
}

function flatten(headers: Dispatcher.ResponseData["headers"]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => {
      const first = Array.isArray(value) ? value[0] : value;
      return first === undefined ? [] : [[name, first]];
    }),
  );
}
