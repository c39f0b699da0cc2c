import { Agent, request } from "undici";

import { listAt, numberAt, textAt } from "../json";
import { isObject } from "../properties";
import type { Json, JsonObject } from "../properties";
import type { ClusterAccess } from "./clusterAccess";
import { kindOf, nameOf, namespaceOf } from "./object";

const REQUEST_TIMEOUT_MS = 60_000;
const ERROR_BODY_LIMIT = 500;

/** The API server refused a request. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    message: string,
    readonly code: number,
    readonly status: Json,
  ) {
    super(message);
  }

  /** The reason in one word, such as `AlreadyExists`. */
  get reason(): string {
    return textAt(this.status, "reason");
  }

  /** Kind of the object that the error is about. */
  get subject(): string {
    return textAt(this.status, "details", "kind");
  }
}

/** The API server doesn't know the kind. */
export class UnknownKindError extends Error {
  override readonly name = "UnknownKindError";
}

/** Options of a request. */
export interface CallOptions {
  readonly query?: Record<string, string | undefined>;
  readonly body?: Json;
  readonly contentType?: string;
  readonly signal?: AbortSignal;
}

/** Client of an API server, for objects of any kind. */
export class Client {
  private readonly resources = new Map<string, Promise<JsonObject[]>>();

  private readonly dispatcher: Agent;

  constructor(private readonly access: ClusterAccess) {
    // Watches run for long, so there is no time limit for headers or body.
    this.dispatcher = new Agent({ connect: access.tls, headersTimeout: 0, bodyTimeout: 0 });
  }

  /** Returns the path of an object's collection. */
  async collectionPath(object: JsonObject, namespace = namespaceOf(object)): Promise<string> {
    const { group, version, kind } = kindOf(object);
    const base = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
    const resource = (await this.discover(base)).find(
      (candidate) => candidate.kind === kind && !textAt(candidate, "name").includes("/"),
    );
    if (resource === undefined) {
      throw new UnknownKindError(
        `no matches for kind "${kind}" in version "${textAt(object, "apiVersion")}"`,
      );
    }
    const scope = resource.namespaced === true ? `/namespaces/${namespace || "default"}` : "";
    return `${base}${scope}/${textAt(resource, "name")}`;
  }

  /** Returns the path of an object. */
  async path(object: JsonObject, name = nameOf(object)): Promise<string> {
    return `${await this.collectionPath(object)}/${encodeURIComponent(name)}`;
  }

  /** Sends a request and parses its JSON. */
  async call(method: "GET" | "POST" | "PATCH" | "DELETE", path: string, options: CallOptions = {}) {
    const response = await this.open(method, path, options);
    const body = parse(await response.body.text());
    if (response.statusCode >= 400) {
      throw new ApiError(describe(body, response.statusCode), response.statusCode, body);
    }
    return isObject(body) ? body : {};
  }

  /** Sends a request whose answer is a stream of JSON lines. Ends with the stream, or when the signal aborts. */
  async *stream(path: string, options: CallOptions): AsyncGenerator<JsonObject> {
    const response = await this.open("GET", path, options);
    if (response.statusCode >= 400) {
      const body = parse(await response.body.text());
      throw new ApiError(describe(body, response.statusCode), response.statusCode, body);
    }
    const decoder = new TextDecoder();
    let rest = "";
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      yield* lines.map(parse).filter(isObject);
    }
  }

  /** Returns the resources of a group and version. Failures aren't cached, since a definition may be added later. */
  private discover(base: string): Promise<JsonObject[]> {
    const known = this.resources.get(base);
    if (known !== undefined) {
      return known;
    }
    const found = this.call("GET", base).then(
      (list) => listAt(list, "resources"),
      (error: unknown) => {
        this.resources.delete(base);
        if (error instanceof ApiError && error.code === 404) {
          return [];
        }
        throw error;
      },
    );
    this.resources.set(base, found);
    return found;
  }

  private async open(
    method: "GET" | "POST" | "PATCH" | "DELETE",
    path: string,
    options: CallOptions,
  ) {
    const query = new URLSearchParams(
      Object.entries(options.query ?? {}).filter(
        (entry): entry is [string, string] => entry[1] !== undefined,
      ),
    );
    return request(`${this.access.server}${path}?${query.toString()}`, {
      method,
      dispatcher: this.dispatcher,
      signal: options.signal ?? AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      headers: {
        accept: "application/json",
        authorization: this.access.authorization,
        "content-type": options.contentType ?? "application/json",
        "user-agent": "slipway-pulumi-resource-kubernetes",
      },
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
    });
  }
}

/** Whether the error says that the object does not exist. */
export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.code === 404;
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

/** Returns an error's text, from the API server if it gives one. */
function describe(body: Json, statusCode: number): string {
  const message = textAt(body, "message");
  const code = numberAt(body, "code") ?? statusCode;
  return message === ""
    ? `the server answered ${String(code)}: ${JSON.stringify(body).slice(0, ERROR_BODY_LIMIT)}`
    : message;
}
