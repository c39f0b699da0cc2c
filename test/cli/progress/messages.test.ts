import type { EngineEvent } from "../../../cli/pulumi/engineEvents";
import { begin, deployment, fail, image, log, say, urnOf } from "./support/events";
import { open as openPlayer, type PlayerArgs, screen, type TimedEvent } from "./support/player";

const open = (events: readonly TimedEvent[], args: Partial<PlayerArgs> = {}) =>
  openPlayer({ events, expected: [], ...args });

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
