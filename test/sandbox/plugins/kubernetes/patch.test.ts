import type { JsonObject } from "../../../../sandbox/plugins/properties";
import { useStage } from "../support/stage";

const path = "/api/v1/namespaces/web/serviceaccounts/default";
const patch = { urn: "urn", type: "kubernetes:core/v1:ServiceAccountPatch", name: "pull-default" };
const inputs: JsonObject = {
  apiVersion: "v1",
  kind: "ServiceAccount",
  metadata: { name: "default", namespace: "web" },
  imagePullSecrets: [{ name: "gitlab-registry" }],
};
const account: JsonObject = {
  apiVersion: "v1",
  kind: "ServiceAccount",
  metadata: { name: "default", namespace: "web", uid: "1" },
};

describe("a Patch resource", () => {
  const stage = useStage();

  beforeEach(() => {
    stage.server.put("/api/v1/namespaces/web", {});
    stage.server.put(path, account);
    // As the API server does: what others set stays.
    stage.server.admit = (object) => ({ ...account, ...object });
  });

  const create = (request: JsonObject = {}) =>
    stage.plugin.call("Create", { ...patch, properties: inputs, ...request }) as Promise<{
      id: string;
      properties: JsonObject;
    }>;
  const applied = () => stage.server.requests.filter(({ method }) => method === "PATCH");

  it("sets fields of an object that exists, under a name of its own", async () => {
    const { id, properties } = await create();

    expect(id).toBe("web/default");
    expect(applied()).toEqual([
      expect.objectContaining({
        path,
        contentType: "application/apply-patch+yaml",
        query: {
          fieldManager: properties.__fieldManager,
          fieldValidation: "Warn",
          force: "false",
        },
        body: inputs,
      }),
    ]);
    expect(properties.__fieldManager).toMatch(/^pulumi-kubernetes-[0-9a-f]{8}$/);
  });

  it("creates an object that is missing, as the official plugin does, but asks nothing in a preview", async () => {
    stage.server.remove(path);
    const asked = stage.server.requests.length;

    expect(await create({ preview: true })).toEqual({ properties: inputs });
    expect(stage.server.requests).toHaveLength(asked);
    await create();
    expect(stage.server.get(path)).toEqual({ ...account, ...inputs });
  });

  it("changes what it set, and takes nothing over from others", async () => {
    const { id, properties } = await create();
    const news = { ...inputs, imagePullSecrets: [{ name: "other" }] };

    await stage.plugin.call("Update", { ...patch, id, olds: properties, oldInputs: inputs, news });

    expect(applied().map(({ body }) => body)).toEqual([inputs, news]);
    expect(applied()[1]?.query.fieldManager).toBe(properties.__fieldManager);
  });

  it("gives the fields up when it is deleted, and leaves the object", async () => {
    const { id, properties } = await create();

    await stage.plugin.call("Delete", { ...patch, id, properties });

    expect(applied().at(-1)).toMatchObject({
      query: { fieldManager: properties.__fieldManager },
      body: { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default" } },
    });
    expect(applied().at(-1)?.body).not.toHaveProperty("imagePullSecrets");
    expect(stage.server.requests.map(({ method }) => method)).not.toContain("DELETE");
  });

  it("has nothing to give up where the object is gone", async () => {
    const { id, properties } = await create();
    stage.server.remove(path);

    await stage.plugin.call("Delete", { ...patch, id, properties });

    expect(stage.server.get(path)).toBeUndefined();
  });
});
