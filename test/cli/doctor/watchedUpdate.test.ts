import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";

import { runUpdate } from "../../../cli/doctor/watchedUpdate";
import type { ProcessResult } from "../../../cli/process/run";
import { Pulumi } from "../../../cli/pulumi/pulumiCli";
import { ended, FakeIo } from "../../support/cli";

const image = "gitlab.example.com:5050/web/site@sha256:01";
const labels = { app: "site" };

/** What kubectl has of a site whose pod can't be pulled. */
function answerWith(cause: string, created: Date): Record<string, object> {
  const message = `failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${cause}`;
  return answerWithState({ state: { waiting: { reason: "ErrImagePull", message } } }, created);
}

/** What kubectl has of a site whose pod's container is in a state. */
function answerWithState(status: object, created: Date): Record<string, object> {
  const metadata = {
    name: "site-1",
    uid: "pod",
    creationTimestamp: created.toISOString(),
    ownerReferences: [{ uid: "set" }],
  };
  const containerStatuses = [{ name: "site", image, ready: false, ...status }];
  return {
    deployment: { metadata: { name: "site" }, spec: { selector: { matchLabels: labels } } },
    replicasets: { items: [{ metadata: { name: "set", uid: "set" } }] },
    pods: { items: [{ metadata, status: { containerStatuses } }] },
    events: { items: [] },
  };
}

/** An engine that waits for the pods for a minute, unless it is interrupted. */
class WaitingIo extends FakeIo {
  public cluster: Record<string, object> = {};
  public waitSeconds = 60;

  public override capture(program: string, args: readonly string[]): Promise<ProcessResult> {
    if (program !== "kubectl") return super.capture(program, args);
    return Promise.resolve(ended(0, JSON.stringify(this.cluster[args[1] ?? ""] ?? {})));
  }

  public override stream(
    ...[, args, , { onStart } = {}]: Parameters<FakeIo["stream"]>
  ): Promise<ProcessResult> {
    const inputs = { metadata: { name: "site", namespace: "web" } };
    const metadata = { op: "update", type: "kubernetes:apps/v1:Deployment", new: { inputs } };
    const timestamp = Math.floor(Date.now() / 1000);
    const event = JSON.stringify({ timestamp, resourcePreEvent: { metadata } });
    writeFileSync(args[args.indexOf("--event-log") + 1] ?? "", `${event}\n`);
    const engine = spawn("sleep", [String(this.waitSeconds)]);
    onStart?.(engine.pid ?? 0);
    return new Promise((resolve) =>
      engine.once("close", (_, signal) => resolve(ended(signal ? 255 : 1))),
    );
  }
}

const run = (io: WaitingIo) =>
  runUpdate({ cwd: ".", project: "site", stack: "dev", values: {} }, new Pulumi(io, "."), io, {});

describe("an update whose pods do not become ready", () => {
  it("ends at once if the image can never be pulled, and says why", async () => {
    const io = new WaitingIo({});
    io.cluster = answerWith(
      "failed to authorize: failed to fetch oauth token: unexpected status: 401 Unauthorized",
      new Date(),
    );
    const begin = Date.now();

    expect(await run(io)).toEqual([
      [
        `The node can't pull \`${image}\`. GitLab refuses the credentials of the pull secret: they are wrong, expired or revoked.`,
        "  failed to authorize: failed to fetch oauth token: unexpected status: 401 Unauthorized",
        "pulumi refresh, then slipway up, which creates new tokens. For your own credentials, update `credentials`.",
      ].join("\n"),
    ]);
    expect(Date.now() - begin).toBeLessThan(20_000);
    expect(io.printed).toEqual(["The pods can never become ready like this. Ending the wait."]);
  }, 30_000);

  it("ends at once if a container crashes again and again, with the end of its log", async () => {
    const io = new WaitingIo({});
    const crash = {
      restartCount: 3,
      state: { waiting: { reason: "CrashLoopBackOff" } },
      lastState: { terminated: { exitCode: 1, reason: "Error" } },
    };
    io.cluster = answerWithState(crash, new Date());

    expect((await run(io))?.join()).toContain(
      "The container `site` ends with exit code 1 as soon as it is started (4 times).",
    );
    expect(io.printed).toEqual(["The pods can never become ready like this. Ending the wait."]);
  }, 30_000);

  it.each([
    ['pods "site-1" is forbidden: violates PodSecurity "restricted:latest": x', 1],
    [
      'pods "site-1" is forbidden: ValidatingAdmissionPolicy "ids" with binding "ids" denied request: runAsUser must be in the ranges: [1000650000, 1000659999]',
      1,
    ],
    ["exceeded quota: small, requested: pods=1, used: pods=2, limited: pods=2", 0],
    [
      'pods "site-1" is forbidden: error looking up service account web/site: serviceaccount "site" not found',
      0,
    ],
  ])(
    "ends the wait if the cluster refuses the pods for what they are: %s",
    async (message, ends) => {
      const io = new WaitingIo({});
      io.waitSeconds = 6;
      const conditions = [{ type: "ReplicaFailure", status: "True", message }];
      const spec = { selector: { matchLabels: labels } };
      io.cluster = { deployment: { metadata: { name: "site" }, spec, status: { conditions } } };

      expect(await run(io)).toHaveLength(1);
      expect(io.printed).toHaveLength(ends);
    },
    30_000,
  );

  it("goes on waiting if the cause may pass", async () => {
    const io = new WaitingIo({});
    io.waitSeconds = 6;
    io.cluster = answerWith(
      'failed to do request: Head "https://h/": dial tcp 10.0.0.1:5050: i/o timeout',
      new Date(),
    );

    expect((await run(io))?.join()).toContain(
      "Nothing answers at 10.0.0.1:5050: packets are dropped",
    );
    expect(io.printed).toEqual([]);
  }, 30_000);

  it("does not mind the pods of an update before", async () => {
    const io = new WaitingIo({});
    io.waitSeconds = 6;
    io.cluster = answerWith(`${image}: not found`, new Date(Date.now() - 60_000));

    expect((await run(io))?.join()).toContain("The registry has no such tag or digest");
    expect(io.printed).toEqual([]);
  }, 30_000);
});
