import * as http from "node:http";
import type { AddressInfo } from "node:net";

import { nameOf } from "../../../../sandbox/plugins/kubernetes/object";
import type { JsonObject } from "../../../../sandbox/plugins/properties";

/** Kinds the server knows, by group and version. */
const RESOURCES: Record<string, [kind: string, name: string, namespaced: boolean][]> = {
  "/api/v1": [
    ["ConfigMap", "configmaps", true],
    ["Endpoints", "endpoints", true],
    ["Namespace", "namespaces", false],
    ["Pod", "pods", true],
    ["Secret", "secrets", true],
    ["Service", "services", true],
    ["ServiceAccount", "serviceaccounts", true],
  ],
  "/apis/apps/v1": [
    ["Deployment", "deployments", true],
    ["ReplicaSet", "replicasets", true],
  ],
  "/apis/networking.k8s.io/v1": [
    ["Ingress", "ingresses", true],
    ["NetworkPolicy", "networkpolicies", true],
  ],
  "/apis/policy/v1": [["PodDisruptionBudget", "poddisruptionbudgets", true]],
};

/** A request the server answered. */
export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Record<string, string>;
  readonly contentType: string;
  readonly body: JsonObject;
}

/** As much of an API server, in memory, as the plugin talks to. It stores objects by path, and changes none of its own. */
export class ApiServer {
  readonly requests: ApiRequest[] = [];

  /** What becomes of an object that is written; the object itself where nothing is set. */
  admit: (object: JsonObject, request: ApiRequest) => JsonObject = (object) => object;

  /** The error that answers a server-side apply, if there is to be one. */
  refuse: (request: ApiRequest) => { code: number; reason: string; message: string } | undefined =
    () => undefined;

  /** Whether an object that is deleted stays until {@link remove}. */
  holdDeletions = false;

  private readonly objects = new Map<string, JsonObject>();
  private readonly watches = new Set<{
    collection: string;
    name?: string;
    response: http.ServerResponse;
  }>();
  private readonly server = http.createServer(
    (request, response) => void this.answer(request, response),
  );

  async start(): Promise<void> {
    await new Promise<void>((done) => this.server.listen(0, "127.0.0.1", done));
  }

  async stop(): Promise<void> {
    const closed = new Promise((done) => this.server.close(done));
    this.server.closeAllConnections();
    await closed;
  }

  /** A kubeconfig that leads here. */
  get kubeconfig(): string {
    const server = `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}`;
    return JSON.stringify({
      "current-context": "test",
      contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
      clusters: [{ name: "test", cluster: { server } }],
      users: [{ name: "test", user: { token: "token-of-the-test" } }],
    });
  }

  get(path: string): JsonObject | undefined {
    return this.objects.get(path);
  }

  /** Stores an object, and tells who watches. */
  put(path: string, object: JsonObject): void {
    const type = this.objects.has(path) ? "MODIFIED" : "ADDED";
    this.objects.set(path, object);
    this.tell(path, type, object);
  }

  remove(path: string): void {
    const object = this.objects.get(path);
    this.objects.delete(path);
    this.tell(path, "DELETED", object ?? {});
  }

  /** How many watches of a collection are open. */
  watchers(collection: string): number {
    return [...this.watches].filter((watch) => watch.collection === collection).length;
  }

  private tell(path: string, type: string, object: JsonObject): void {
    for (const { collection, name, response } of this.watches) {
      if (path.startsWith(`${collection}/`) && (name === undefined || name === nameOf(object))) {
        response.write(`${JSON.stringify({ type, object })}\n`);
      }
    }
  }

  private async answer(
    message: http.IncomingMessage,
    response: http.ServerResponse,
  ): Promise<void> {
    const url = new URL(message.url ?? "", "http://test");
    let text = "";
    for await (const chunk of message) {
      text += String(chunk);
    }
    const parsed = (text === "" ? {} : JSON.parse(text)) as JsonObject;
    const request: ApiRequest = {
      method: message.method ?? "",
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      contentType: message.headers["content-type"] ?? "",
      body: parsed,
    };
    this.requests.push(request);
    if (message.headers.authorization !== "Bearer token-of-the-test") {
      send(response, 401, { message: "Unauthorized", reason: "Unauthorized" });
      return;
    }
    const resources = RESOURCES[request.path];
    if (request.path === "/version") {
      send(response, 200, { major: "1", minor: "34" });
    } else if (resources !== undefined) {
      const list = resources.map(([kind, name, namespaced]) => ({ kind, name, namespaced }));
      send(response, 200, { resources: list });
    } else if (request.query.watch === "true") {
      this.watch(request, response);
    } else {
      this.handle(request, response);
    }
  }

  private watch({ path, query }: ApiRequest, response: http.ServerResponse): void {
    const watch = { collection: path, name: query.fieldSelector?.split("=")[1], response };
    this.watches.add(watch);
    response.on("close", () => this.watches.delete(watch));
    response.writeHead(200).flushHeaders();
  }

  private handle(request: ApiRequest, response: http.ServerResponse): void {
    const { method, path } = request;
    const stored = this.objects.get(path);
    const isCollection = Object.values(RESOURCES).some((list) =>
      list.some(([, name]) => path.endsWith(`/${name}`)),
    );
    if (method === "GET" && isCollection) {
      const wanted = request.query.fieldSelector?.split("=")[1];
      const items = [...this.objects]
        .filter(([key]) => key.startsWith(`${path}/`))
        .map(([, object]) => object)
        .filter((object) => wanted === undefined || nameOf(object) === wanted);
      send(response, 200, { metadata: { resourceVersion: "1" }, items });
    } else if (method === "POST") {
      this.create(request, response);
    } else if (stored === undefined && !isApply(request)) {
      const [name, kind] = path.split("/").reverse();
      const text = `${String(kind)} "${String(name)}" not found`;
      send(response, 404, {
        message: text,
        reason: "NotFound",
        code: 404,
        details: { kind: kind },
      });
    } else if (method === "GET") {
      send(response, 200, stored ?? {});
    } else if (method === "PATCH") {
      this.change(stored, request, response);
    } else {
      if (!this.holdDeletions) {
        this.remove(path);
      }
      send(response, 200, {});
    }
  }

  private change(
    stored: JsonObject | undefined,
    request: ApiRequest,
    response: http.ServerResponse,
  ): void {
    const { path, body } = request;
    const refusal = isApply(request) ? this.refuse(request) : undefined;
    if (refusal !== undefined) {
      send(response, refusal.code, refusal);
    } else if (Array.isArray(body)) {
      const { value } = (body as { value: JsonObject[] }[])[0];
      const metadata = { ...(stored?.metadata as JsonObject), managedFields: value };
      this.write(path, { ...stored, metadata }, request, response);
    } else {
      this.write(path, this.admit(body, request), request, response);
    }
  }

  private create(request: ApiRequest, response: http.ServerResponse): void {
    const { path, body } = request;
    const [, namespace] = /\/namespaces\/([^/]+)\//.exec(path) ?? [];
    const [kind] = path.split("/").reverse();
    if (namespace !== undefined && !this.objects.has(`/api/v1/namespaces/${namespace}`)) {
      const text = `namespaces "${namespace}" not found`;
      send(response, 404, {
        message: text,
        reason: "NotFound",
        code: 404,
        details: { kind: "namespaces" },
      });
    } else if (this.objects.has(`${path}/${nameOf(body)}`)) {
      const text = `${String(kind)} "${nameOf(body)}" already exists`;
      send(response, 409, { message: text, reason: "AlreadyExists", code: 409 });
    } else {
      this.write(`${path}/${nameOf(body)}`, this.admit(body, request), request, response);
    }
  }

  private write(
    path: string,
    object: JsonObject,
    request: ApiRequest,
    response: http.ServerResponse,
  ): void {
    if (request.query.dryRun === undefined) {
      this.put(path, object);
    }
    send(response, 200, object);
  }
}

/** Server-side apply creates what is missing. */
function isApply({ contentType }: ApiRequest): boolean {
  return contentType === "application/apply-patch+yaml";
}

function send(response: http.ServerResponse, status: number, body: JsonObject): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
