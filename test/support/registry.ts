import * as transport from "../../components/http/transport";
import type { HttpAnswer, HttpRequest } from "../../components/http/transport";
import type { Gate } from "./latch";

/** The present fake registry, and the mock of the function that it replaces. */
let current: { registry: FakeRegistry; stub: jest.SpyInstance } | undefined;

/** A fake registry instead of the network, with GitLab's way to log in. */
export class FakeRegistry {
  /** Digests by tag. */
  public tags: Record<string, string> = {};
  /** Manifests and JSON blobs, by digest or tag; a buffer is a blob as it is. */
  public contents: Record<string, unknown> = {};
  /** `METHOD url` of every request. */
  public requests: string[] = [];
  /** Status of every answer about the repository, instead of the content. */
  public failWith: number | undefined;
  /** Answer to a request for a token. */
  public token: { status: number; body: string } = { status: 200, body: '{"token":"jwt-1"}' };
  /** Challenge in the answer to an unauthenticated request. */
  public challenge =
    'Bearer realm="https://gitlab.example.com/jwt/auth",service="container_registry",scope="repository:x:pull"';
  /** Errors with which the next requests fail, without an answer. */
  public failures: Error[] = [];
  /** Statuses of the next answers to reads, instead of the content. */
  public statuses: number[] = [];
  /** Gate that every answer waits at. */
  public gate: Gate | undefined;

  private constructor(
    private readonly repository: string,
    private readonly login: { username: string; password: string },
  ) {}

  /** Replaces the network until the mocks are restored. */
  public static install(
    repository: string,
    login: { username: string; password: string },
  ): FakeRegistry {
    const registry = new FakeRegistry(repository, login);
    registry.replace(transport);
    return registry;
  }

  /** Replaces the network also in the copy of the module that is loaded after `jest.resetModules`. */
  public static reinstall(): void {
    if (current === undefined) return;
    const { registry, stub } = current;
    // Without an implementation, the mocks have been restored.
    if (stub.getMockImplementation() === undefined) return;
    registry.replace(jest.requireActual("../../components/http/transport"));
  }

  private replace(loaded: typeof transport): void {
    const stub = jest
      .spyOn(loaded.Transport.prototype, "send")
      .mockImplementation((request) => this.answer(request));
    current = { registry: this, stub };
  }

  private async answer({ headers, method, url }: HttpRequest): Promise<HttpAnswer> {
    this.requests.push(`${method} ${url}`);
    await this.gate?.pass();
    const failure = this.failures.shift();
    if (failure !== undefined) throw failure;
    return url.includes("/jwt/auth")
      ? this.answerLogin(headers)
      : this.answerRead(url, method, headers);
  }

  private answerLogin(headers: HttpRequest["headers"]): HttpAnswer {
    const { username, password } = this.login;
    const expected = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
    if (headers.authorization === expected) return answerWith(this.token.status, this.token.body);
    const errors = [{ code: "UNAUTHORIZED", message: "HTTP Basic: Access denied." }];
    return answerWith(401, JSON.stringify({ errors }));
  }

  private answerRead(url: string, method: string, headers: HttpRequest["headers"]): HttpAnswer {
    const [host, ...path] = this.repository.split("/");
    const base = `https://${host}/v2/${path.join("/")}/`;
    if (!url.startsWith(base)) throw new Error(`Nothing is at ${url}.`);
    if (headers.authorization !== "Bearer jwt-1") {
      return answerWith(401, "", { "www-authenticate": this.challenge });
    }
    const status = this.statuses.shift() ?? this.failWith;
    if (status !== undefined) return answerWith(status, "");
    const reference = url.slice(url.lastIndexOf("/") + 1);
    const digest = this.tags[reference];
    const content = this.contents[reference] ?? (digest && this.contents[digest]);
    if (digest === undefined && content === undefined) return answerWith(404, "");
    if (Buffer.isBuffer(content)) return { ...answerWith(200, ""), bytes: content };
    return answerWith(
      200,
      method === "HEAD" ? "" : (JSON.stringify(content) ?? ""),
      digest === undefined ? {} : { "docker-content-digest": digest },
    );
  }
}

function answerWith(
  status: number,
  text: string,
  headers: Record<string, string> = {},
): HttpAnswer {
  return { status, text, headers };
}
