import type { Gate } from "./latch";

/** A registry behind `fetch`, with GitLab's way to log in. */
export class FakeRegistry {
  /** Digests by tag. */
  public tags: Record<string, string> = {};
  /** Manifests, and blobs that are JSON, by digest or tag. */
  public contents: Record<string, unknown> = {};
  /** `METHOD url` of every request. */
  public requests: string[] = [];
  /** Status of every answer about the repository, in place of the content. */
  public failWith: number | undefined;
  /** Body of a token, or of the refusal of one. */
  public token: { status: number; body: string } = { status: 200, body: '{"token":"jwt-1"}' };
  /** What an unauthenticated request is told to do. */
  public challenge =
    'Bearer realm="https://gitlab.example.com/jwt/auth",service="container_registry",scope="repository:x:pull"';
  /** Errors to fail the next requests with, as `fetch` does when there is no answer. */
  public failures: Error[] = [];
  /** What every answer waits for. */
  public gate: Gate | undefined;

  private constructor(
    private readonly repository: string,
    private readonly login: { username: string; password: string },
  ) {}

  /** Stands in until the mocks are restored. */
  public static install(
    repository: string,
    login: { username: string; password: string },
  ): FakeRegistry {
    const registry = new FakeRegistry(repository, login);
    jest
      .spyOn(globalThis, "fetch")
      .mockImplementation((input, init) =>
        registry.answer(
          input as string,
          init as { method: string; headers: Record<string, string> },
        ),
      );
    return registry;
  }

  private async answer(
    url: string,
    { method, headers }: { method: string; headers: Record<string, string> },
  ): Promise<Response> {
    this.requests.push(`${method} ${url}`);
    await this.gate?.pass();
    const failure = this.failures.shift();
    if (failure !== undefined) throw failure;
    return url.includes("/jwt/auth")
      ? this.answerLogin(headers)
      : this.answerRead(url, method, headers);
  }

  private answerLogin(headers: Record<string, string>): Response {
    const { username, password } = this.login;
    const expected = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
    const granted = headers.authorization === expected;
    return granted
      ? new Response(this.token.body, { status: this.token.status })
      : errorResponse(401, "HTTP Basic: Access denied.");
  }

  private answerRead(url: string, method: string, headers: Record<string, string>): Response {
    const [host, ...path] = this.repository.split("/");
    const base = `https://${host}/v2/${path.join("/")}/`;
    if (!url.startsWith(base)) throw new Error(`Nothing is at ${url}.`);
    if (headers.authorization !== "Bearer jwt-1") {
      return new Response("", { status: 401, headers: { "www-authenticate": this.challenge } });
    }
    if (this.failWith !== undefined) return new Response("", { status: this.failWith });
    const reference = url.slice(url.lastIndexOf("/") + 1);
    const digest = this.tags[reference];
    const content = this.contents[reference] ?? (digest && this.contents[digest]);
    if (digest === undefined && content === undefined) return new Response("", { status: 404 });
    return new Response(method === "HEAD" ? null : JSON.stringify(content), {
      headers: digest === undefined ? {} : { "docker-content-digest": digest },
    });
  }
}

function errorResponse(status: number, message: string): Response {
  return new Response(JSON.stringify({ errors: [{ code: "UNAUTHORIZED", message }] }), { status });
}
