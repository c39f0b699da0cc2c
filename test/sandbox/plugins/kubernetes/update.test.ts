import type { JsonObject } from "../../../../sandbox/plugins/properties";
import { inputsOf, isAwaited, liveOf, pathOf } from "../support/recordedObjects";
import { recorded } from "../support/recordings";
import { useStage } from "../support/stage";

describe("an update by pulumi-resource-kubernetes", () => {
  const stage = useStage();
  const updates = recorded("Update").filter(([, call]) => call.response !== undefined);

  it.each(updates.filter(([, { request }]) => !isAwaited(request)))(
    "changes %s by server-side apply",
    async (_, { request, response }) => {
      const [before, live] = [liveOf(request.olds), liveOf(response!.properties)];
      stage.server.put(pathOf(live), before);
      stage.server.admit = () => live;

      expect(await stage.plugin.call("Update", request)).toEqual(response);

      const patch = stage.server.requests.find(({ method }) => method === "PATCH")!;
      expect(patch.contentType).toBe("application/apply-patch+yaml");
      expect(patch.body).toEqual(inputsOf(response!.properties));
      expect(patch.query).toEqual({
        fieldManager: (request.olds as JsonObject).__fieldManager,
        fieldValidation: "Warn",
        // The recordings are without `managedFields`: an object without them has nobody to ask.
        force: "true",
        ...(request.preview === true && { dryRun: "All" }),
      });
    },
  );

  it("takes the fields of the creation over before the first apply", async () => {
    const [, { request }] = updates.find(
      ([, call]) => call.request.preview !== true && call.request.name === "web",
    )!;
    const live = liveOf(request.olds);
    const path = pathOf(live);
    const entry = { apiVersion: "v1", fieldsType: "FieldsV1", fieldsV1: { "f:data": {} } };
    stage.server.put(path, {
      ...live,
      metadata: {
        ...(live.metadata as JsonObject),
        managedFields: [{ ...entry, manager: "pulumi-kubernetes", operation: "Update" }],
      },
    });

    await stage.plugin.call("Update", request);

    const takeover = stage.server.requests.find(({ method }) => method === "PATCH")!;
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
});
