/** User name and password for a registry, in clear. */
export interface RegistryLogin {
  readonly username: string;
  readonly password: string;
}

/** A registry or its token service did not answer as it should. The message holds no credential. */
export class RegistryError extends Error {
  public override readonly name = "RegistryError";

  constructor(
    message: string,
    /** HTTP status; undefined when there was no answer. */
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

/** How long one answer may take. */
const timeoutMs = 30_000;

/** Waits before another attempt, where an answer says that it is worth one. */
const retryDelaysMs = [500, 2000];

/** Too many requests, or something in between is being restarted. */
const transientStatuses = [429, 502, 503, 504];

/**
 * Reads one repository of a registry, over HTTPS.
 *
 * Logs in as GitLab's registry wants it: a token from the service that the registry names, asked for with
 * GET, since GitLab answers POST with 404.
 *
 * @see https://distribution.github.io/distribution/spec/auth/token/
 */
export class RegistryClient {
  private readonly base: string;
  private readonly path: string;
  private authorization: string | undefined;

  /** @param repository the repository with its registry, `host[:port]/path` */
  constructor(
    public readonly repository: string,
    private readonly login: RegistryLogin,
  ) {
    const slash = repository.indexOf("/");
    this.path = repository.slice(slash + 1);
    this.base = `https://${repository.slice(0, slash)}/v2/${this.path}`;
  }

  /**
   * The digest that a tag stands for, or the digest that is given, where the registry has it.
   *
   * @returns undefined where it has not
   * @throws RegistryError when the registry does not say
   */
  public async findDigest(reference: string): Promise<string | undefined> {
    const response = await this.request("HEAD", `${this.base}/manifests/${reference}`);
    if (response === undefined) return undefined;
    const digest = response.headers.get("docker-content-digest");
    if (digest === null) {
      throw new RegistryError(`\`${this.repository}\` names no digest for \`${reference}\`.`);
    }
    return digest;
  }

  /**
   * A manifest, or an index of manifests, as JSON.
   *
   * @returns undefined where the registry has none
   * @throws RegistryError when the registry does not say
   */
  public async findManifest(reference: string): Promise<unknown> {
    return this.readJson(`${this.base}/manifests/${reference}`);
  }

  /** As {@link findManifest}, for a blob that is JSON, such as an image's configuration. */
  public async findJsonBlob(digest: string): Promise<unknown> {
    return this.readJson(`${this.base}/blobs/${digest}`);
  }

  private async readJson(url: string): Promise<unknown> {
    const response = await this.request("GET", url);
    if (response === undefined) return undefined;
    try {
      return await response.json();
    } catch (error) {
      throw new RegistryError(`The answer to GET ${url} is no JSON.`, response.status, {
        cause: error,
      });
    }
  }

  private async request(method: "GET" | "HEAD", url: string): Promise<Response | undefined> {
    const send = () =>
      fetchWithRetry(method, url, {
        accept: manifestTypes,
        ...(this.authorization && { authorization: this.authorization }),
      });
    let response = await send();
    if (response.status === 401 && this.authorization === undefined) {
      this.authorization = `Bearer ${await this.getToken(response)}`;
      response = await send();
    }
    if (response.status === 404) return undefined;
    if (!response.ok) throw await describeFailure(response, method, url);
    return response;
  }

  private async getToken(refusal: Response): Promise<string> {
    const challenge = parseChallenge(refusal.headers.get("www-authenticate") ?? "");
    const url = challenge && URL.parse(challenge.realm);
    // The password goes where the registry says, but never unencrypted.
    if (!url || url.protocol !== "https:") {
      throw new RegistryError(
        `\`${this.repository}\` asks for a login, but names no https service.`,
      );
    }
    url.searchParams.set("service", challenge.service);
    url.searchParams.set("scope", `repository:${this.path}:pull`);
    const basic = Buffer.from(`${this.login.username}:${this.login.password}`).toString("base64");
    const response = await fetchWithRetry("GET", url.href, { authorization: `Basic ${basic}` });
    if (!response.ok) throw await describeFailure(response, "GET", url.href);
    const answer = (await response.json().catch(() => undefined)) as
      { token?: unknown } | undefined;
    if (typeof answer?.token !== "string") {
      throw new RegistryError(`The answer to GET ${url.href} holds no token.`, response.status);
    }
    return answer.token;
  }
}

async function fetchWithRetry(
  method: string,
  url: string,
  headers: Record<string, string>,
): Promise<Response> {
  for (const delayMs of [...retryDelaysMs, undefined]) {
    try {
      const response = await fetch(url, {
        method,
        headers,
        signal: AbortSignal.timeout(timeoutMs),
      });
      if (delayMs === undefined || !transientStatuses.includes(response.status)) return response;
    } catch (error) {
      if (delayMs === undefined) {
        throw new RegistryError(
          `No answer to ${method} ${url}: ${describeCause(error)}.`,
          undefined,
          {
            cause: error,
          },
        );
      }
    }
    await new Promise((resolve) => setTimeout(resolve, delayMs));
  }
  throw new Error("The last attempt returns or throws.");
}

/** `fetch` says only that it failed; why is in the cause. */
function describeCause(error: unknown): string {
  const { cause, message } = error as Error;
  return cause instanceof Error ? cause.message : message;
}

/** What `Bearer realm="...",service="..."` says. */
function parseChallenge(header: string): { realm: string; service: string } | undefined {
  const realm = /^Bearer .*\brealm="([^"]+)"/i.exec(header)?.[1];
  if (realm === undefined) return undefined;
  return { realm, service: /\bservice="([^"]+)"/i.exec(header)?.[1] ?? "" };
}

/** Registry and GitLab both explain a refusal as `{"errors": [{"code", "message"}]}`. */
async function describeFailure(
  response: Response,
  method: string,
  url: string,
): Promise<RegistryError> {
  const body = (await response.json().catch(() => undefined)) as
    { errors?: { message?: unknown }[] } | undefined;
  const reason = body?.errors?.[0]?.message;
  const said = typeof reason === "string" ? ` (${reason.slice(0, 200)})` : "";
  return new RegistryError(
    `Request failed with status code ${response.status}: ${method} ${url}${said}.`,
    response.status,
  );
}
