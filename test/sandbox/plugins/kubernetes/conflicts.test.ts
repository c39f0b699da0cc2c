import type { JsonObject } from "../../../../sandbox/plugins/properties";
import type { CallError } from "../support/pluginClient";
import { useStage } from "../support/stage";

/** What `kubectl scale` and updates by the official plugin left, in the recordings of its version 4.32. */
const manager = "pulumi-kubernetes-ef15630e";
const path = "/apis/apps/v1/namespaces/gatsby-site-dev/deployments/gatsby-site";
const inputs: JsonObject = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "gatsby-site", namespace: "gatsby-site-dev" },
  spec: { replicas: 1, paused: false },
};
const own = {
  manager,
  operation: "Apply",
  fieldsV1: { "f:spec": { "f:replicas": {}, "f:paused": {} } },
};
const scale = {
  manager: "kubectl",
  operation: "Update",
  subresource: "scale",
  fieldsV1: { "f:spec": { "f:replicas": {} } },
};
const creation = { ...own, manager: "pulumi-kubernetes", operation: "Update" };
const conflict =
  'Apply failed with 1 conflict: conflict with "kubectl" with subresource "scale" using apps/v1: .spec.replicas';
const recordedConflict = `the Kubernetes API server reported that "gatsby-site-dev/gatsby-site" failed to fully initialize or become live: server-side apply field conflict detected, see https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/#handle-field-conflicts-on-existing-resources for troubleshooting help
The resource managed by field manager "pulumi-kubernetes-ef15630e" had an apply conflict: ${conflict}`;

describe("fields that another program owns", () => {
  const stage = useStage();

  const liveWith = (managedFields: JsonObject[]): JsonObject => ({
    ...inputs,
    metadata: { ...(inputs.metadata as JsonObject), managedFields },
    spec: { replicas: 3, paused: true },
  });
  const update = (more: JsonObject = {}) =>
    stage.plugin.call("Update", {
      urn: "urn",
      type: "kubernetes:apps/v1:Deployment",
      name: "gatsby-site",
      id: "gatsby-site-dev/gatsby-site",
      olds: { ...inputs, __inputs: inputs, __fieldManager: manager },
      news: { ...inputs, metadata: { ...(inputs.metadata as JsonObject), ...skipAwait } },
      ...more,
    });
  const skipAwait = { annotations: { "pulumi.com/skipAwait": "true" } };
  const applied = () =>
    stage.server.requests.find(({ contentType }) => contentType === "application/apply-patch+yaml");

  /** As the API server does for `kubectl scale`, whose fields are not this plugin's. */
  const refuseWithoutForce = () => {
    stage.server.refuse = ({ query }) =>
      query.force === "false" ? { code: 409, reason: "Conflict", message: conflict } : undefined;
  };

  it("end an update with the recorded error, and the live object in the state", async () => {
    stage.server.put(path, liveWith([own, scale]));
    refuseWithoutForce();

    const failure = (await update().catch((error: unknown) => error)) as CallError;

    expect(failure.message).toBe(recordedConflict);
    expect(failure.detail?.reasons).toEqual([recordedConflict]);
    expect(failure.detail?.properties).toMatchObject({ spec: { replicas: 3 } });
  });

  it("end a preview in the same way once an update took the creation's fields over", async () => {
    stage.server.put(path, liveWith([own, scale]));
    refuseWithoutForce();

    await expect(update({ preview: true })).rejects.toThrow(recordedConflict);
  });

  it("are no obstacle in the preview of what was only created, whose fields are not taken over yet", async () => {
    stage.server.put(path, liveWith([creation, scale]));
    refuseWithoutForce();

    await update({ preview: true });

    expect(applied()?.query).toMatchObject({ force: "true", dryRun: "All" });
  });

  it("are not taken with the creation's fields, although kubectl's `apply` would be", async () => {
    stage.server.put(path, liveWith([creation, scale]));
    refuseWithoutForce();

    await expect(update()).rejects.toThrow(recordedConflict);

    const [takeover] = stage.server.requests.filter(({ method }) => method === "PATCH");
    expect(takeover.body).toEqual([
      {
        op: "replace",
        path: "/metadata/managedFields",
        value: [{ ...creation, manager, operation: "Apply" }, scale],
      },
    ]);
  });

  it.each<[string, JsonObject, JsonObject]>([
    ["the provider is configured to", { enablePatchForce: "true" }, {}],
    ["the resource is annotated to", {}, { "pulumi.com/patchForce": "true" }],
  ])("are taken if %s", async (_, args, annotations) => {
    await stage.plugin.call("Configure", {
      args: { kubeconfig: stage.server.kubeconfig, ...args },
    });
    stage.server.put(path, liveWith([own, scale]));
    refuseWithoutForce();
    const metadata = {
      ...(inputs.metadata as JsonObject),
      annotations: { ...skipAwait.annotations, ...annotations },
    };

    await update({ news: { ...inputs, metadata } });

    expect(applied()?.query).toMatchObject({ force: "true" });
  });

  it("stay theirs, and what nobody else owns keeps its live value, if changes are ignored", async () => {
    stage.server.put(path, liveWith([{ ...own, fieldsV1: {} }, scale]));

    await update({ ignoreChanges: ["spec.replicas", "spec.paused", "spec.template.spec"] });

    expect(applied()?.body).toMatchObject({ spec: { paused: true } });
    expect(applied()?.body).not.toHaveProperty("spec.replicas");
  });
});

describe("a change that the API server refuses", () => {
  const stage = useStage();
  const message =
    'Deployment.apps "gatsby-site" is invalid: spec.template.spec.containers[0].resources.requests: Invalid value: "2Gi": must be less than or equal to memory limit of 1Gi';
  const request = {
    urn: "urn",
    type: "kubernetes:apps/v1:Deployment",
    name: "gatsby-site",
    id: "gatsby-site-dev/gatsby-site",
    olds: { ...inputs, __inputs: inputs, __fieldManager: manager },
    news: inputs,
    preview: true,
  };

  it("ends the preview with the recorded error", async () => {
    stage.server.put(path, inputs);
    stage.server.refuse = () => ({ code: 422, reason: "Invalid", message });

    const failure = (await stage.plugin
      .call("Update", request)
      .catch((error: unknown) => error)) as CallError;

    expect(failure.detail?.reasons).toEqual([
      `the Kubernetes API server reported that "gatsby-site-dev/gatsby-site" failed to fully initialize or become live: ${message}`,
    ]);
  });

  it("passes the preview if a dry run is not permitted", async () => {
    stage.server.put(path, inputs);
    stage.server.refuse = () => ({ code: 403, reason: "Forbidden", message: "no dry run" });

    expect(await stage.plugin.call("Update", request)).toEqual({ properties: inputs });
  });

  it("ends the preview of an object that is gone", async () => {
    await expect(stage.plugin.call("Update", request)).rejects.toThrow(
      'update of resource "urn" failed: deployments "gatsby-site" not found\nunable to get cluster state: deployments "gatsby-site" not found',
    );
  });
});
