import * as path from "node:path";

import { textAt } from "../../../../sandbox/plugins/json";
import { UnknownKindError } from "../../../../sandbox/plugins/kubernetes/client";
import { describeCreateFailure } from "../../../../sandbox/plugins/kubernetes/create";
import { namespaceOf } from "../../../../sandbox/plugins/kubernetes/object";
import type { JsonObject } from "../../../../sandbox/plugins/properties";
import { inputsOf, isAwaited, liveOf, pathOf, withManager } from "../support/recordedObjects";
import { recorded } from "../support/recordings";
import { useStage } from "../support/stage";

describe("a creation by pulumi-resource-kubernetes", () => {
  const stage = useStage();
  const creations = recorded("Create").filter(([, call]) => call.response !== undefined);

  it.each(creations.filter(([, { request }]) => request.preview !== true && !isAwaited(request)))(
    "creates %s",
    async (_, { request, response }) => {
      const live = liveOf(response!.properties);
      stage.server.put(`/api/v1/namespaces/${namespaceOf(live)}`, {});
      stage.server.admit = () => live;

      const answer = await stage.plugin.call("Create", request);

      expect(answer).toEqual(withManager(response!, answer));
      expect(stage.server.requests.at(-2)).toMatchObject({
        method: "POST",
        path: path.dirname(pathOf(live)),
        query: { fieldManager: "pulumi-kubernetes", fieldValidation: "Warn" },
        body: inputsOf(response!.properties),
      });
    },
  );

  it.each(creations.filter(([, { request }]) => request.preview === true))(
    "previews the creation in %s",
    async (_, { request, response }) => {
      const live = liveOf(response!.properties);
      stage.server.admit = () => ({ ...live, status: { phase: "Active" } });

      const answer = await stage.plugin.call("Create", request);

      expect(answer).toEqual(withManager(response!, answer));
      expect(stage.server.get(pathOf(live))).toBeUndefined();
    },
  );

  it("previews the address of the dry run, which is not the one that the Service gets", async () => {
    const metadata = { name: "site", namespace: "web" };
    const service = {
      apiVersion: "v1",
      kind: "Service",
      metadata,
      spec: { ports: [{ port: 80 }] },
    };
    const request = { urn: "urn", type: "kubernetes:core/v1:Service", name: "site" };
    stage.server.put("/api/v1/namespaces/web", {});
    stage.server.admit = (object, { query }) => ({
      ...object,
      spec: {
        ports: [{ port: 80 }],
        clusterIP: query.dryRun === "All" ? "10.213.186.128" : "10.213.186.200",
      },
      status: { loadBalancer: {} },
    });

    const { properties } = await stage.plugin.call("Create", {
      ...request,
      properties: service,
      preview: true,
    });

    expect(properties).toHaveProperty("spec.clusterIP", "10.213.186.128");
    expect(properties).not.toHaveProperty("status");
  });

  it("refuses to create what exists, with the recorded advice", async () => {
    const [, call] = recorded("Create").find(([, { errors }]) => errors !== undefined)!;
    const live = call.request.properties as JsonObject;
    stage.server.put(`/api/v1/namespaces/${namespaceOf(live)}`, {});
    stage.server.put(pathOf(live), { data: { a: "other" } });

    await expect(stage.plugin.call("Create", call.request)).rejects.toThrow(
      call.errors![0].replace("rpc error: code = Unknown desc = ", ""),
    );
    expect(stage.server.get(pathOf(live))).toEqual({ data: { a: "other" } });
    expect(stage.plugin.said).toContainEqual({
      kind: "status",
      severity: "info",
      message: 'Retry #0; creation failed: configmaps "existing" already exists',
    });
  });

  it("says which kind the cluster does not know", () => {
    const inputs = { apiVersion: "acme.org/v2", kind: "Certificate" };
    const error = new UnknownKindError(
      'no matches for kind "Certificate" in version "acme.org/v2"',
    );

    expect(describeCreateFailure("urn", inputs, error).message).toBe(
      'creation of resource "urn" with kind acme.org/v2/Certificate failed because the Kubernetes API server reported that the apiVersion for this resource does not exist. Verify that any required CRDs have been created: no matches for kind "Certificate" in version "acme.org/v2"',
    );
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

    expect(await stage.plugin.call("Create", { ...request, properties })).toEqual({ properties });
    expect(stage.server.requests).toEqual([]);
  });

  it("says what can't be reached, without the token", async () => {
    const [, { request }] = creations.find(([, call]) => call.request.preview !== true)!;
    const kubeconfig = stage.server.kubeconfig;
    await stage.server.stop();
    await stage.plugin.call("Configure", { args: { kubeconfig } });

    const failure = stage.plugin.call("Create", request).catch((error: Error) => error.message);

    expect(await failure).toMatch(
      /^configured Kubernetes cluster is unreachable: unable to load schema information from the API server: connect ECONNREFUSED 127\.0\.0\.1:\d+$/,
    );
  });

  it("never shows a secret in an error", async () => {
    const [, { request }] = creations.find(
      ([, call]) => call.request.name === "pull" && call.request.preview !== true,
    )!;
    const live = liveOf(request.properties);
    const secret = textAt(live, "data", ".dockerconfigjson");
    stage.server.put(`/api/v1/namespaces/${namespaceOf(live)}`, {});
    stage.server.put(pathOf(live), {});

    const create = {
      ...request,
      urn: `urn of ${secret} and ${Buffer.from(secret, "base64").toString()}`,
    };

    expect(secret.length).toBeGreaterThan(20);
    await expect(stage.plugin.call("Create", create)).rejects.toThrow(
      'resource "urn of [secret] and [secret]" was not successfully created',
    );
  });
});
