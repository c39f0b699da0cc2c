import { textAt } from "../../../../sandbox/plugins/json";
import { KubernetesProvider } from "../../../../sandbox/plugins/kubernetes/kubernetes";
import { idOf, nameOf, namespaceOf } from "../../../../sandbox/plugins/kubernetes/object";
import { omit } from "../../../../sandbox/plugins/properties";
import type { JsonObject } from "../../../../sandbox/plugins/properties";
import { ApiServer } from "../support/apiServer";
import { PluginClient } from "../support/pluginClient";
import { recorded } from "../support/recordings";

const FOLDERS: Record<string, string> = {
  ConfigMap: "/api/v1/namespaces/NS/configmaps",
  Deployment: "/apis/apps/v1/namespaces/NS/deployments",
  Ingress: "/apis/networking.k8s.io/v1/namespaces/NS/ingresses",
  Namespace: "/api/v1/namespaces",
  NetworkPolicy: "/apis/networking.k8s.io/v1/namespaces/NS/networkpolicies",
  PodDisruptionBudget: "/apis/policy/v1/namespaces/NS/poddisruptionbudgets",
  Secret: "/api/v1/namespaces/NS/secrets",
  Service: "/api/v1/namespaces/NS/services",
  ServiceAccount: "/api/v1/namespaces/NS/serviceaccounts",
};

/** Kinds whose readiness depends on pods: tests of their own cover how they are waited for. */
const AWAITED = ["Deployment", "Service"];

describe("pulumi-resource-kubernetes, on the recorded objects", () => {
  let server: ApiServer;
  let plugin: PluginClient;

  beforeEach(async () => {
    server = new ApiServer();
    await server.start();
    plugin = await PluginClient.start((engine) => new KubernetesProvider(engine));
    await plugin.call("Configure", { args: { kubeconfig: server.kubeconfig } });
  });

  afterEach(async () => {
    plugin.stop();
    await server.stop();
  });

  const creations = recorded("Create").filter(([, call]) => call.response !== undefined);
  const updates = recorded("Update").filter(([, call]) => call.response !== undefined);

  it.each(creations.filter(([, { request }]) => request.preview !== true && !isAwaited(request)))(
    "creates %s",
    async (_, { request, response }) => {
      const live = liveOf(response!.properties);
      server.put(`/api/v1/namespaces/${namespaceOf(live)}`, {});
      server.admit = () => live;

      const answer = await plugin.call("Create", request);

      expect(answer).toEqual(withManager(response!, answer));
      expect(server.requests.at(-2)).toMatchObject({
        method: "POST",
        path: folderOf(live),
        query: { fieldManager: "pulumi-kubernetes", fieldValidation: "Warn" },
        body: inputsOf(response!.properties),
      });
    },
  );

  it.each(creations.filter(([, { request }]) => request.preview === true))(
    "previews the creation in %s",
    async (_, { request, response }) => {
      const live = liveOf(response!.properties);
      server.admit = () => ({ ...live, status: { phase: "Active" } });

      const answer = await plugin.call("Create", request);

      expect(answer).toEqual(withManager(response!, answer));
      expect(server.get(`${folderOf(live)}/${nameOf(live)}`)).toBeUndefined();
    },
  );

  it.each(updates.filter(([, { request }]) => !isAwaited(request)))(
    "changes %s by server-side apply",
    async (_, { request, response }) => {
      const [before, live] = [liveOf(request.olds), liveOf(response!.properties)];
      server.put(`${folderOf(live)}/${nameOf(live)}`, before);
      server.admit = () => live;

      expect(await plugin.call("Update", request)).toEqual(response);

      const patch = server.requests.find(({ method }) => method === "PATCH")!;
      expect(patch.contentType).toBe("application/apply-patch+yaml");
      expect(patch.body).toEqual(inputsOf(response!.properties));
      expect(patch.query).toEqual({
        fieldManager: (request.olds as JsonObject).__fieldManager,
        fieldValidation: "Warn",
        force: String(request.preview === true),
        ...(request.preview === true && { dryRun: "All" }),
      });
    },
  );

  it("takes fields over from another owner when it is configured to", async () => {
    const args = { kubeconfig: server.kubeconfig, enablePatchForce: "true" };
    await plugin.call("Configure", { args });
    const [, { request, response }] = updates.find(
      ([, call]) => call.request.preview !== true && !isAwaited(call.request),
    )!;
    const live = liveOf(response!.properties);
    server.put(`${folderOf(live)}/${nameOf(live)}`, liveOf(request.olds));
    server.admit = () => live;

    await plugin.call("Update", request);

    expect(server.requests.find(({ method }) => method === "PATCH")?.query).toMatchObject({
      force: "true",
    });
  });

  it.each(recorded("Read"))("reads %s", async (_, { request, response }) => {
    const live = liveOf(response!.properties);
    server.put(`${folderOf(live)}/${nameOf(live)}`, live);
    putDependents(server, live);

    expect(await plugin.call("Read", request)).toEqual(response);
  });

  it.each(recorded("Read"))("finds that %s is gone", async (_, { request }) => {
    expect(await plugin.call("Read", request)).toEqual({});
  });

  it.each(recorded("Delete"))("deletes %s, dependents first", async (_, { request, response }) => {
    const live = liveOf(request.properties);
    const path = `${folderOf(live)}/${nameOf(live)}`;
    server.put(path, live);

    expect(await plugin.call("Delete", request)).toEqual(response);

    expect(server.get(path)).toBeUndefined();
    const deletion = server.requests.find(({ method }) => method === "DELETE");
    expect(deletion?.body).toEqual({ propagationPolicy: "Foreground" });
  });

  it("refuses to create what exists, with the recorded advice", async () => {
    const [, call] = recorded("Create").find(([, { errors }]) => errors !== undefined)!;
    const live = call.request.properties as JsonObject;
    server.put(`/api/v1/namespaces/${namespaceOf(live)}`, {});
    server.put(`${folderOf(live)}/${nameOf(live)}`, { data: { a: "other" } });

    await expect(plugin.call("Create", call.request)).rejects.toThrow(
      call.errors![0].replace("rpc error: code = Unknown desc = ", ""),
    );
    expect(server.get(`${folderOf(live)}/${nameOf(live)}`)).toEqual({ data: { a: "other" } });
    expect(plugin.said).toContainEqual({
      kind: "status",
      severity: "info",
      message: 'Retry #0; creation failed: configmaps "existing" already exists',
    });
  });

  it("deletes what is gone already without an error", async () => {
    const [, { request }] = recorded("Delete")[0];

    expect(await plugin.call("Delete", request)).toEqual({});
  });

  it("waits until an object that is being deleted is gone", async () => {
    const [, { request }] = recorded("Delete").find(([, call]) => call.request.name === "pull")!;
    const live = liveOf(request.properties);
    server.put(`${folderOf(live)}/${nameOf(live)}`, live);
    server.holdDeletions = true;

    const deletion = plugin.call("Delete", request);
    await until(() => server.watchers(folderOf(live)) === 1);
    expect(plugin.said.at(-1)?.message).toBe("Resource scheduled for deletion");
    server.remove(`${folderOf(live)}/${nameOf(live)}`);

    expect(await deletion).toEqual({});
  });

  it("takes the fields of the creation over before the first apply", async () => {
    const [, { request }] = updates.find(
      ([, call]) => call.request.preview !== true && call.request.name === "web",
    )!;
    const live = liveOf(request.olds);
    const path = `${folderOf(live)}/${nameOf(live)}`;
    const entry = { apiVersion: "v1", fieldsType: "FieldsV1", fieldsV1: { "f:data": {} } };
    server.put(path, {
      ...live,
      metadata: {
        ...(live.metadata as JsonObject),
        managedFields: [{ ...entry, manager: "pulumi-kubernetes", operation: "Update" }],
      },
    });

    await plugin.call("Update", request);

    const takeover = server.requests.find(({ method }) => method === "PATCH")!;
    const manager = (request.olds as JsonObject).__fieldManager;
    expect(takeover.contentType).toBe("application/json-patch+json");
    expect(takeover.body).toEqual([
      {
        op: "replace",
        path: "/metadata/managedFields",
        value: [{ ...entry, manager, operation: "Apply" }],
      },
    ]);
  });

  it("returns the inputs of a preview that holds an unknown value, without asking the cluster", async () => {
    const properties = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "web", namespace: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" },
    };
    const request = {
      urn: "urn",
      type: "kubernetes:core/v1:ConfigMap",
      name: "web",
      preview: true,
    };

    expect(await plugin.call("Create", { ...request, properties })).toEqual({ properties });
    expect(server.requests).toEqual([]);
  });

  it("says what can't be reached, without the token", async () => {
    const [, { request }] = creations.find(([, call]) => call.request.preview !== true)!;
    const kubeconfig = server.kubeconfig;
    await server.stop();
    await plugin.call("Configure", { args: { kubeconfig } });

    const failure = plugin.call("Create", request).catch((error: Error) => error.message);

    expect(await failure).toMatch(
      /^configured Kubernetes cluster is unreachable: connect ECONNREFUSED 127\.0\.0\.1:\d+$/,
    );
  });

  it("never shows a secret in an error", async () => {
    const [, { request }] = creations.find(
      ([, call]) => call.request.name === "pull" && call.request.preview !== true,
    )!;
    const live = liveOf(request.properties);
    const secret = textAt(live, "data", ".dockerconfigjson");
    server.put(`/api/v1/namespaces/${namespaceOf(live)}`, {});
    server.put(`${FOLDERS.Secret.replace("NS", namespaceOf(live))}/${nameOf(live)}`, {});

    const create = {
      ...request,
      urn: `urn of ${secret} and ${Buffer.from(secret, "base64").toString()}`,
    };

    expect(secret.length).toBeGreaterThan(20);
    await expect(plugin.call("Create", create)).rejects.toThrow(
      'resource "urn of [secret] and [secret]" was not successfully created',
    );
  });
});

function isAwaited(request: JsonObject): boolean {
  return AWAITED.some((kind) => textAt(request, "type").endsWith(`:${kind}`));
}

/** The object within a state. */
function liveOf(state: unknown): JsonObject {
  return omit(plain(state), ["__inputs", "__fieldManager", "__initialApiVersion"]);
}

function inputsOf(state: unknown): JsonObject {
  return plain((state as JsonObject).__inputs);
}

/** A value as the cluster has it: without the marks of secrets. */
function plain(value: unknown): JsonObject {
  return JSON.parse(JSON.stringify(value), (_, item: JsonObject) =>
    item !== null && typeof item === "object" && "4dabf18193072939515e22adb298388d" in item
      ? item.value
      : item,
  ) as JsonObject;
}

/** The recorded answer, with the random name of the manager that this run chose. */
function withManager(response: JsonObject, answer: JsonObject): JsonObject {
  const { __fieldManager: recordedManager } = response.properties as JsonObject;
  const { __fieldManager: manager } = answer.properties as JsonObject;
  if (recordedManager === undefined) {
    return response;
  }
  expect(manager).toMatch(/^pulumi-kubernetes-[0-9a-f]{8}$/);
  return {
    ...response,
    properties: { ...(response.properties as JsonObject), __fieldManager: manager! },
  };
}

function folderOf(live: JsonObject): string {
  return FOLDERS[textAt(live, "kind")].replace("NS", namespaceOf(live));
}

/** What makes a Deployment and a Service ready. */
function putDependents(server: ApiServer, live: JsonObject): void {
  const namespace = `namespaces/${idOf(live).split("/")[0]}`;
  const metadata = live.metadata as { name: string; uid: string; annotations?: JsonObject };
  server.put(`/api/v1/${namespace}/endpoints/${metadata.name}`, {
    metadata: { name: metadata.name },
    subsets: [{ addresses: [] }],
  });
  server.put(`/apis/apps/v1/${namespace}/replicasets/current`, {
    metadata: {
      name: "current",
      annotations: metadata.annotations ?? {},
      ownerReferences: [{ uid: metadata.uid }],
    },
    spec: { replicas: 2 },
    status: { readyReplicas: 2 },
  });
}

async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 5000;
  while (!condition()) {
    if (Date.now() > end) {
      throw new Error("The condition did not come true in time.");
    }
    await new Promise((done) => setImmediate(done));
  }
}
