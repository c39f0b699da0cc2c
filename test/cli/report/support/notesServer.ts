import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A note as GitLab's API has it, in part. */
export interface StoredNote {
  readonly id: number;
  body: string;
  readonly system: boolean;
  readonly author: { readonly id: number };
}

/** An answer in place of the real one. */
export interface Fault {
  readonly method: string;
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  /** Whether the call is carried out all the same: only its answer gets lost. */
  readonly carriedOut?: boolean;
}

/** The user whose token `good-token-0123456789` is. */
export const ownId = 7;
export const token = "good-token-0123456789";

/** The notes of merge request 3 in project 5 of a GitLab that can be told to fail. */
export class NotesServer {
  readonly notes: StoredNote[] = [];
  /** `METHOD path?query` of every request, in order. */
  readonly calls: string[] = [];
  /** Each is used once, by the next request of its method. */
  readonly faults: Fault[] = [];
  /** Called before a request is answered: another job can come first. */
  before: (call: string) => void = () => undefined;
  private nextId = 100;

  private constructor(private readonly server: ReturnType<typeof createServer>) {}

  /** Starts a server on a free port. */
  static async start(): Promise<NotesServer> {
    const server = createServer();
    const notes = new NotesServer(server);
    server.on("request", (request, response) => void notes.answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return notes;
  }

  /** Address of the API. */
  get api(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/api/v4`;
  }

  /** A GitLab job's variables in a merge request pipeline. */
  get env(): Record<string, string> {
    return {
      CI_API_V4_URL: this.api,
      CI_MERGE_REQUEST_PROJECT_ID: "5",
      CI_MERGE_REQUEST_IID: "3",
      CI_PIPELINE_ID: "900",
      CI_PIPELINE_URL: "https://gitlab.example.com/web/site/-/pipelines/900",
      CI_COMMIT_SHORT_SHA: "8927077f",
      SLIPWAY_NOTE_TOKEN: token,
    };
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Adds a note that is there before the test. */
  add(body: string, authorId: number, system = false): StoredNote {
    const note = { id: this.nextId++, body, system, author: { id: authorId } };
    this.notes.push(note);
    return note;
  }

  /** Calls without what only reads. */
  get writes(): string[] {
    return this.calls.filter((call) => !call.startsWith("GET "));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = "", url = "" } = request;
    const call = `${method} ${url.replace("/api/v4", "")}`;
    this.calls.push(call);
    this.before(call);
    const at = this.faults.findIndex((fault) => fault.method === method);
    const [fault] = at < 0 ? [] : this.faults.splice(at, 1);
    const real = (): [number, unknown, Record<string, string>?] =>
      request.headers["private-token"] === token
        ? this.handle(method, url, Buffer.concat(chunks).toString())
        : [401, { message: "401 Unauthorized" }];
    if (fault !== undefined) {
      if (fault.carriedOut === true) real();
      response.writeHead(fault.status, fault.headers).end(fault.body ?? "");
      return;
    }
    const [status, body, headers] = real();
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(body === undefined ? "" : JSON.stringify(body));
  }

  private handle(
    method: string,
    url: string,
    text: string,
  ): [number, unknown, Record<string, string>?] {
    const { pathname, searchParams } = new URL(url, "http://gitlab");
    if (pathname === "/api/v4/user") return [200, { id: ownId }];
    const [, id] =
      /^\/api\/v4\/projects\/5\/merge_requests\/3\/notes(?:\/(\d+))?$/.exec(pathname) ?? [];
    if (!pathname.startsWith("/api/v4/projects/5/merge_requests/3/notes")) {
      return [404, { message: "404 Project Not Found" }];
    }
    const body = text === "" ? "" : (JSON.parse(text) as { body: string }).body;
    if (id === undefined) {
      if (method === "POST") return [201, this.add(body, ownId)];
      const page = Number(searchParams.get("page") ?? 1);
      const size = Number(searchParams.get("per_page") ?? 20);
      const next = page * size < this.notes.length ? String(page + 1) : "";
      return [200, this.notes.slice((page - 1) * size, page * size), { "x-next-page": next }];
    }
    const note = this.notes.find((one) => one.id === Number(id));
    if (note === undefined) return [404, { message: "404 Note Not Found" }];
    if (method === "DELETE") {
      this.notes.splice(this.notes.indexOf(note), 1);
      return [204, undefined];
    }
    note.body = body;
    return [200, note];
  }
}
