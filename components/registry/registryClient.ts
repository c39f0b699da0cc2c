import { ConnectionError } from "../http/connectionError";
import { parseImageReference } from "../image/imageReference";
import { HttpClient, type HttpClientOptions } from "../http/httpClient";
import type { HttpAnswer, HttpRequest } from "../http/transport";
import { buildTokenRequest, parseChallenge, readRefusal, readToken } from "./tokenService";

/** User name and password for a registry, in plain text. */
export interface RegistryLogin {
  readonly username: string;
  readonly password: string;
}

/** A registry or its token service failed a request. The message holds no credential. */
export class RegistryError extends Error {
  public override readonly name = "RegistryError";

  constructor(
    message: string,
    /** HTTP status; undefined if there was no answer. */
    public readonly status?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const manifestTypes = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/** Debian's registry answers 500 to a read for a moment while the tag is being written. */
const transientStatuses = [500, 502, 503, 504];

/**
 * Reads one repository of a registry, over HTTPS, by the environment's proxies.
 *
 * To log in, it gets a token from the service that the registry names. It uses GET, since GitLab answers
 * POST with 404.
 *
 * @see https://distribution.github.io/distribution/spec/auth/token/
 */
export class RegistryClient {
  private readonly base: string;
  private readonly path: string;
  private readonly http: HttpClient;
  /** The token, or the request for it, which simultaneous requests share. */
  private token: Promise<string> | undefined;

  /**
   * @param repository the repository with its registry, `host[:port]/path`
   * @param options proxies, CA and time limits; by default those of this process and of the HTTP client
   */
  constructor(
    public readonly repository: string,
    private readonly login: RegistryLogin,
    options: Omit<HttpClientOptions, "follow" | "transientStatuses"> = {},
  ) {
    const { path, registry } = parseImageReference(repository);
    this.path = path;
    this.base = `https://${registry}/v2/${path}`;
    this.http = new HttpClient({ ...options, transientStatuses, follow: followBlob });
  }

  /**
   * Finds the digest that a tag points to, or checks that a digest exists.
   *
   * @param reference tag or digest
   * @returns undefined if the registry does not have it
   * @throws RegistryError if the registry can't be read
   */
  public async findDigest(reference: string): Promise<string | undefined> {
    const answer = await this.request("HEAD", `${this.base}/manifests/${reference}`);
    if (answer === undefined) return undefined;
    const digest = answer.headers["docker-content-digest"];
    if (digest === undefined) {
      throw new RegistryError(`\`${this.repository}\` names no digest for \`${reference}\`.`);
    }
    return digest;
  }

  /**
   * Reads a manifest, or an index of manifests, as JSON.
   *
   * @param reference tag or digest
   * @returns undefined if the registry does not have it
   * @throws RegistryError if the registry can't be read
   */
  public async findManifest(reference: string): Promise<unknown> {
    return this.readJson(`${this.base}/manifests/${reference}`);
  }

  /** Like {@link findManifest}, for a blob that is JSON, such as an image's configuration. */
  public async findJsonBlob(digest: string): Promise<unknown> {
    return this.readJson(`${this.base}/blobs/${digest}`);
  }

  /**
   * Reads a blob.
   *
   * @param mostBytes its size, or more
   * @returns undefined if the registry does not have it
   * @throws RegistryError if the registry can't be read, or the blob has more bytes
   */
  public async findBlob(digest: string, mostBytes: number): Promise<Buffer | undefined> {
    const answer = await this.request("GET", `${this.base}/blobs/${digest}`, mostBytes);
    return answer?.bytes;
  }

  private async readJson(url: string): Promise<unknown> {
    const answer = await this.request("GET", url);
    if (answer === undefined) return undefined;
    try {
      return JSON.parse(answer.text);
    } catch (error) {
      throw new RegistryError(`The answer to GET ${url} is not JSON.`, answer.status, {
        cause: error,
      });
    }
  }

  private async request(
    method: "GET" | "HEAD",
    url: string,
    mostBytes?: number,
  ): Promise<HttpAnswer | undefined> {
    const send = (token: string | undefined) => {
      const headers = {
        accept: manifestTypes,
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      };
      return this.send(method, url, headers, mostBytes);
    };
    const token = await this.token;
    let answer = await send(token);
    if (answer.status === 401 && token === undefined) {
      this.token ??= this.getToken(answer).catch((error: unknown) => {
        this.token = undefined;
        throw error;
      });
      answer = await send(await this.token);
    }
    if (answer.status === 404) return undefined;
    if (!isSuccess(answer)) throw describeFailure(answer, method, url);
    return answer;
  }

  private async getToken(refusal: HttpAnswer): Promise<string> {
    const challenge = parseChallenge(refusal.headers["www-authenticate"] ?? "");
    // The password goes to the service that the registry names, but never unencrypted.
    const request = challenge && buildTokenRequest(challenge, this.path, "pull", this.login);
    if (!request) {
      throw new RegistryError(
        `\`${this.repository}\` asks for a login, but names no https service for it.`,
      );
    }
    const answer = await this.send("GET", request.url, request.headers);
    if (!isSuccess(answer)) throw describeFailure(answer, "GET", request.url);
    const token = readToken(answer.text);
    if (token === undefined) {
      throw new RegistryError(
        `The answer to GET ${hideQuery(request.url)} holds no token.`,
        answer.status,
      );
    }
    return token;
  }

  private async send(
    method: "GET" | "HEAD",
    url: string,
    headers: HttpRequest["headers"],
    mostBytes?: number,
  ): Promise<HttpAnswer> {
    try {
      return await this.http.request({ method, url, headers, mostBytes });
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      const { message, remedy } = error;
      throw new RegistryError(
        [`No answer to ${method} ${hideQuery(url)}: ${message}.`, ...(remedy ? [remedy] : [])].join(
          " ",
        ),
        undefined,
        { cause: error },
      );
    }
  }
}

/** Registries keep blobs elsewhere, where a link of its own opens them: no credential goes there. */
function followBlob(
  from: URL,
  to: URL,
  { headers }: HttpRequest,
): HttpRequest["headers"] | undefined {
  if (to.protocol !== "https:") return undefined;
  if (from.origin === to.origin) return headers;
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name !== "authorization"));
}

function isSuccess({ status }: HttpAnswer): boolean {
  return status >= 200 && status < 300;
}

function describeFailure(answer: HttpAnswer, method: string, url: string): RegistryError {
  const reason = readRefusal(answer.text);
  const said = reason === undefined ? "" : ` (${reason})`;
  return new RegistryError(
    `Request failed with status code ${answer.status}: ${method} ${hideQuery(url)}${said}.`,
    answer.status,
  );
}

/** A link to a blob, or to a token service, may hold a secret in its query. */
function hideQuery(url: string): string {
  return url.replace(/\?.*$/, "");
}
