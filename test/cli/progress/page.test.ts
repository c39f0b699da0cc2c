import type { EngineEvent } from "../../../cli/pulumi/engineEvents";
import { begin, deployment, fail, finish, image, log, say, urnOf } from "./support/events";
import { Player, type PlayerArgs, type TimedEvent } from "./support/player";

const players: Player[] = [];

afterEach(() => {
  for (const player of players.splice(0)) player.close();
});

function open(events: readonly TimedEvent[], args: Partial<PlayerArgs> = {}): Player {
  const player = new Player({ events, expected: [], ...args });
  players.push(player);
  return player;
}

const screen = (...lines: readonly string[]): string => lines.join("\n");

const at = (time: number, event: EngineEvent): TimedEvent => ({ at: time, event });

describe("what an update says", () => {
  it("is above the page if it is no error, and below it if it is one; a preview says it once", async () => {
    const player = open([
      begin(1_000, "create", deployment),
      say(1_000, "info", "hello from the program\n\n"),
      say(1_000, "warning", "A token is due.\nRotate it: `slipway rotate dev`.\n"),
      say(1_000, "warning", "about the pods\n", { urn: deployment }),
      say(1_100, "warning", "A token is due.\nRotate it: `slipway rotate dev`.\n"),
      say(1_200, "error", "It is refused.\n", { urn: deployment }),
      fail(1_200, "create", deployment),
      say(1_200, "error", "update failed\n"),
    ]);
    expect(await player.play(1_100)).toBe(
      screen(
        "hello from the program",
        "warning: A token is due.",
        "Rotate it: `slipway rotate dev`.",
        "warning: site: about the pods",
        "Updating dev, 1 s",
        "...  pods           0 s    site",
      ),
    );
    expect(await player.end(false, "warning: A new version of Pulumi is available.\n")).toBe(
      screen(
        "hello from the program",
        "warning: A token is due.",
        "Rotate it: `slipway rotate dev`.",
        "warning: site: about the pods",
        "The update of dev failed, 1.2 s",
        "FAIL pods           0.2 s  site",
        "error: site: It is refused.",
        "warning: A new version of Pulumi is available.",
      ),
    );
  });

  it("is kept of policies, whether they stop the update or not", async () => {
    const violation = (enforcementLevel: string, policyName: string): TimedEvent =>
      at(500, {
        policyEvent: {
          resourceUrn: urnOf("kubernetes:core/v1:Service", "open"),
          message: "It is reached from outside.\n",
          policyName,
          enforcementLevel,
        },
      });
    const player = open([violation("advisory", "requests"), violation("mandatory", "exposure")], {
      expected: ["tags", "pods"],
    });
    expect(await player.end(false)).toBe(
      screen(
        "warning: policy requests (advisory): open: It is reached from outside.",
        "The update of dev failed, 0.5 s",
        "error: policy exposure (mandatory): open: It is reached from outside.",
      ),
    );
  });

  it("does not mix with what slipway says meanwhile", async () => {
    const player = open([begin(0, "update", deployment)]);
    await player.play(1_000);
    player.print("The pods can never become ready like this. Ending the wait.");
    expect(await player.play(2_000)).toBe(
      screen(
        "The pods can never become ready like this. Ending the wait.",
        "Updating dev, 2 s",
        "...  pods           2 s    site",
      ),
    );
  });
});

describe("secrets", () => {
  const token = "glpat-AbCdEfGhIjKlMnOpQrSt";

  it("of every kind are replaced, in the log, in messages and in names", async () => {
    const player = open(
      [
        begin(0, "update", image),
        log(0, `#1 [builder 1/2] RUN npm config set //h/:_authToken ${token}\n`),
        log(0, `#1 0.1 using ${token}\n`),
        log(0, "#1 0.2 DEPLOY_KEY is correct-horse-battery\n"),
        log(0, "#1 0.3 https://me:hunter22@registry.example.com/\n"),
        say(0, "warning", `${token} is old`),
        say(0, "error", `GET /api?private_token=${token}: refused`),
      ],
      { env: { DEPLOY_KEY_SECRET: "correct-horse-battery" } },
    );
    await player.play(10);
    await player.end(false, `error: ${token}`);
    for (const secret of [token, "correct-horse-battery", "hunter22"]) {
      expect(player.screen.written).not.toContain(secret);
    }
    expect(player.screen.written).toContain("| using [secret]");
    expect(player.screen.written).toContain("| DEPLOY_KEY is [secret]");
    expect(player.screen.written).toContain("warning: [secret] is old");
  });

  it("that take many lines are not shown line by line", async () => {
    const lines = Array.from({ length: 40 }, (_, index) => `MIIEpAIBAAKCAQ${index}x`);
    const player = open([
      begin(0, "update", image),
      log(0, "#1 [builder 1/2] RUN cat key\n"),
      log(1, "#1 0.1 -----BEGIN RSA PRIVATE KEY-----\n"),
      ...lines.map((line, index) => log(2 + index, `#1 0.2 ${line}\n`)),
      log(50, "#1 0.3 -----END RSA PRIVATE KEY-----\n"),
      log(51, "#1 0.4 done\n"),
    ]);
    await player.play(60);
    expect(player.screen.written).not.toContain("MIIE");
    expect(player.screen.written).toContain("| done");
  });

  it("cannot hide behind a terminal's codes, and a log moves no cursor", async () => {
    const player = open([
      begin(0, "update", image),
      log(0, "#1 [builder 1/2] RUN x\n"),
      log(0, `#1 0.1 \x1b[31mglpat-AbCdEf\x1b[0mGhIjKlMnOpQrSt\x1b[2J\x1b[10A\n`),
      log(0, "#1 0.2 10 %\r20 %\r100 %\x07\r\n"),
    ]);
    expect(await player.play(1)).toBe(
      screen(
        "Updating dev, 0 s",
        "...  image          0 s    builder 1/2: RUN x",
        "     | [secret]",
        "     | 100 %",
      ),
    );
  });
});

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

  it("says that it stops", async () => {
    const message =
      "^C received; cancelling. If you would like to terminate immediately, press ^C again.\n";
    expect(await title(begin(0, "create", deployment), at(0, { stdoutEvent: { message } }))).toBe(
      "Updating dev, 1 s: stopping: what has begun is finished first; Ctrl-C again e..",
    );
  });
});
