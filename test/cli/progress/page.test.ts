import type { EngineEvent } from "../../../cli/pulumi/engineEvents";
import { begin, deployment, fail, finish, image, log, say, urnOf } from "./support/events";
import { open as openPlayer, type PlayerArgs, screen, type TimedEvent } from "./support/player";

const open = (events: readonly TimedEvent[], args: Partial<PlayerArgs> = {}) =>
  openPlayer({ events, expected: [], ...args });

const at = (time: number, event: EngineEvent): TimedEvent => ({ at: time, event });

describe("the phases", () => {
  it("say how many pods are ready, and what the cluster says of them", async () => {
    const spec = { new: { custom: true, inputs: { spec: { replicas: 2 } } } };
    const wait = (time: number, message: string): TimedEvent =>
      say(time, "info", message, { urn: deployment, ephemeral: true });
    const player = open([
      begin(0, "update", deployment, spec),
      wait(1_000, "[1/2] Waiting for app ReplicaSet to be available (1/2 Pods available)\n"),
      wait(2_000, "[MinimumReplicasUnavailable] Deployment does not have minimum availability.\n"),
      wait(3_000, "Deployment initialization complete\n"),
      finish(3_500, "update", deployment, spec),
    ]);
    const pods = async (time: number): Promise<string> =>
      (await player.play(time)).split("\n")[1] ?? "";
    expect(await pods(0)).toBe("...  pods           0 s    0 of 2 ready");
    expect(await pods(1_000)).toBe("...  pods           1 s    1 of 2 ready");
    expect(await pods(2_000)).toBe(
      "...  pods           2 s    1 of 2 ready: [MinimumReplicasUnavailable] Deploym..",
    );
    expect(await pods(3_000)).toBe("...  pods           3 s    2 of 2 ready");
    expect(await player.end(true)).toContain("ok   pods           3.5 s  updated: 2 of 2 ready");
  });

  it("count only the time in which something happens", async () => {
    const tag = (name: string): string => urnOf("docker-build:index:Index", name);
    const player = open([
      begin(0, "create", tag("previous")),
      finish(500, "create", tag("previous")),
      begin(60_000, "create-replacement", tag("commit")),
      begin(60_200, "update", tag("environment")),
      finish(60_400, "create-replacement", tag("commit")),
      begin(60_400, "replace", tag("commit")),
      finish(60_400, "replace", tag("commit")),
      finish(60_500, "update", tag("environment")),
      begin(61_000, "delete-replaced", tag("commit")),
      finish(61_000, "delete-replaced", tag("commit")),
    ]);
    expect(await player.end(true)).toContain(
      "ok   tags           1.0 s  1 created, 1 updated, 1 replaced",
    );
  });

  it("name the slow steps of a build, and of two images both", async () => {
    const second = urnOf("docker-build:index:Image", "docs-image");
    const player = open([
      begin(0, "create", image),
      begin(0, "create", second),
      log(
        0,
        "#5 [linux/arm64/v8 deps 2/3] RUN --mount=type=cache,target=/x   with-env npm ci --no-audit\n",
      ),
      log(1_000, "#6 [internal] load build context\n"),
      log(1_000, "#6 transferring context: 2MB 9.0s done\n"),
      log(9_000, "#6 DONE 9.0s\n"),
      log(9_000, "#4 [builder 1/3] FROM docker.io/library/node:24-bookworm-slim\n"),
      log(13_000, "#4 DONE 4.0s\n"),
      log(14_000, "#9 [builder 2/3] COPY . .\n"),
      log(17_000, "#9 DONE 3.4s\n"),
      log(39_000, "#5 DONE 39.2s\n"),
      log(40_000, "#7 [builder 3/3] RUN make the-whole-site-at-once with all of it\n"),
      log(45_000, "#7 DONE 5.0s\n"),
      log(45_000, "#8 [builder 1/3] RUN rm -rf /tmp\n"),
      log(45_000, "#8 DONE 0.3s\n"),
      finish(50_000, "create", image),
      finish(80_000, "create", second),
    ]);
    expect(await player.play(60_000)).toContain(
      "...  image          1 min 0 s  builder 1/3: RUN rm",
    );
    expect(await player.end(true)).toBe(
      screen(
        "Updated dev, 1 min 20 s",
        "ok   image          1 min 20 s  2 created: npm ci 39 s, make the-whole-site-a..",
      ),
    );
  });

  it("show a resource of another kind only if it changes, and skip what a kill left", async () => {
    const other = (name: string): string => urnOf("random:index:RandomPassword", name);
    const player = open([
      begin(0, "same", other("kept")),
      finish(0, "same", other("kept")),
      begin(0, "same", urnOf("pulumi:providers:random", "default")),
      begin(0, "read", other("read")),
      begin(0, "create", urnOf("site:index:Component", "component"), { new: {} }),
    ]);
    expect(await player.play(100)).toBe("Updating dev, 0 s");

    const killed = open([begin(0, "create", other("new"))], { expected: ["pods"] });
    await killed.play(2_000);
    expect(await killed.end(false)).toBe(
      screen("The update of dev failed, 2.0 s", "skip pods", "FAIL others         2.0 s  new"),
    );
  });

  it("fail where it failed: a push after a build", async () => {
    const player = open([
      begin(0, "update", image),
      log(0, "#1 exporting to image\n"),
      log(4_000, "#1 pushing layers\n"),
      say(5_000, "error", "denied\n", { urn: image }),
      fail(5_000, "update", image),
    ]);
    expect(await player.end(false)).toBe(
      screen(
        "The update of dev failed, 5.0 s",
        "ok   image          4.0 s  updated",
        "FAIL push           1.0 s  site-image",
        "error: site-image: denied",
      ),
    );
  });
});

describe("the first line", () => {
  const title = async (...events: readonly TimedEvent[]): Promise<string> =>
    (await open(events).play(1_000)).split("\n")[0] ?? "";

  it("says what happens before the first resource", async () => {
    expect(await title()).toBe("Updating dev, 1 s: starting the program");
    const progressEvent = {
      message: "Downloading plugin random v4.0.0",
      received: 512,
      total: 2048,
    };
    expect(await title(at(0, { progressEvent }))).toBe(
      "Updating dev, 1 s: Downloading plugin random v4.0.0, 25 %",
    );
    expect(await title(at(0, { progressEvent: { ...progressEvent, done: true } }))).toBe(
      "Updating dev, 1 s",
    );
  });

  it("says that a preview runs, whose steps are not those of the update", async () => {
    const metadata = { op: "create", urn: deployment, type: "kubernetes:apps/v1:Deployment" };
    const planned = at(0, { resourcePreEvent: { metadata, planning: true } });
    expect(await open([planned]).play(1_000)).toBe("Updating dev, 1 s: previewing");
    const over = at(1, { summaryEvent: { isPreview: true, resourceChanges: { create: 1 } } });
    const player = open([planned, over, at(2, { summaryEvent: { resourceChanges: { same: 1 } } })]);
    expect(await player.end(true)).toBe("Nothing changed on dev, 0.0 s");
  });

  it("says that the state is refreshed, which changes nothing", async () => {
    const player = open([begin(0, "refresh", deployment), finish(500, "refresh", deployment)]);
    expect(await player.play(1_000)).toBe("Updating dev, 1 s: refreshing the state");
  });

  it("says that it stops", async () => {
    const message =
      "^C received; cancelling. If you would like to terminate immediately, press ^C again.\n";
    expect(await title(begin(0, "create", deployment), at(0, { stdoutEvent: { message } }))).toBe(
      "Updating dev, 1 s: stopping: what has begun is finished first; Ctrl-C again e..",
    );
  });
});
