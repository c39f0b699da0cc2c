import * as path from "node:path";

import { setImmediate } from "node:timers/promises";

import { liveOf, pathOf, putDependents } from "../support/recordedObjects";
import { recorded } from "../support/recordings";
import { useStage } from "../support/stage";

describe("a reading by pulumi-resource-kubernetes", () => {
  const stage = useStage();

  it.each(recorded("Read"))("reads %s", async (_, { request, response }) => {
    const live = liveOf(response!.properties);
    stage.server.put(pathOf(live), live);
    putDependents(stage.server, live);

    expect(await stage.plugin.call("Read", request)).toEqual(response);
  });

  it.each(recorded("Read"))("finds that %s is gone", async (_, { request }) => {
    expect(await stage.plugin.call("Read", request)).toEqual({});
  });
});

describe("a deletion by pulumi-resource-kubernetes", () => {
  const stage = useStage();

  it.each(recorded("Delete"))("deletes %s, dependents first", async (_, { request, response }) => {
    const live = liveOf(request.properties);
    const path = pathOf(live);
    stage.server.put(path, live);

    expect(await stage.plugin.call("Delete", request)).toEqual(response);

    expect(stage.server.get(path)).toBeUndefined();
    const deletion = stage.server.requests.find(({ method }) => method === "DELETE");
    expect(deletion?.body).toEqual({ propagationPolicy: "Foreground" });
  });

  it("deletes what is gone already without an error", async () => {
    const [, { request }] = recorded("Delete")[0];

    expect(await stage.plugin.call("Delete", request)).toEqual({});
  });

  it("waits until an object that is being deleted is gone", async () => {
    const [, { request }] = recorded("Delete").find(([, call]) => call.request.name === "pull")!;
    const live = liveOf(request.properties);
    stage.server.put(pathOf(live), live);
    stage.server.holdDeletions = true;

    const deletion = stage.plugin.call("Delete", request);
    await until(() => stage.server.watchers(path.dirname(pathOf(live))) === 1);
    expect(stage.plugin.said.at(-1)?.message).toBe("Resource scheduled for deletion");
    stage.server.remove(pathOf(live));

    expect(await deletion).toEqual({});
  });
});

async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 5000;
  while (!condition()) {
    if (Date.now() > end) {
      throw new Error("The condition did not come true in time.");
    }
    await setImmediate();
  }
}
