import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { clusterStep } from "../../../cli/doctor/steps/cluster";
import { configurationStep } from "../../../cli/doctor/steps/configuration";
import { deploymentStep } from "../../../cli/doctor/steps/deployment";
import { stateStep } from "../../../cli/doctor/steps/state";
import { ended } from "../../support/cli";
import { listCauses } from "./support/doctorWorld";
import {
  createStackIo,
  digest,
  healthyCluster,
  readyPod,
  runOnly,
  type StackIo,
} from "./support/stackWorld";

let cwd: string;

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "slipway-doctor-"));
  writeFileSync(join(cwd, "Pulumi.yaml"), "name: gatsby-site\n");
});

afterAll(() => rmSync(cwd, { recursive: true }));

const run = (io: StackIo) =>
  runOnly([configurationStep, stateStep, clusterStep, deploymentStep], io, cwd);
const causes = async (io: StackIo) => listCauses(await run(io));
const warnings = async (io: StackIo) =>
  (await run(io)).flatMap((result) => result.warnings ?? []).map(({ cause }) => cause);

describe("a Deployment", () => {
  it("that is gone", async () => {
    const io = createStackIo();
    delete io.cluster["get deployment"];
    expect((await causes(io)).deployment).toEqual([
      "The namespace `web` has no Deployment `site`, or this account may not read it.",
    ]);
  });

  it("whose pod crashes shows the end of its log, explained", async () => {
    const io = createStackIo();
    const state = { waiting: { reason: "CrashLoopBackOff" } };
    const status = {
      name: "site",
      restartCount: 1,
      state,
      lastState: { terminated: { exitCode: 1 } },
    };
    io.cluster["get pods"] = { items: [{ ...readyPod, status: { containerStatuses: [status] } }] };
    const capture = io.capture.bind(io);
    // What the kubelet answers while it replaces the container that crashed by its successor.
    const lost = ended(0, "unable to retrieve container logs for containerd://0123456789");
    const log = 'nginx: [emerg] open() "/nginx.pid" failed (30: Read-only file system)\n';
    io.capture = (program, args) => {
      if (args[0] !== "logs") return capture(program, args);
      return Promise.resolve(args[1] === "--previous" ? lost : ended(0, log));
    };
    const [, , , deployment] = await run(io);
    expect(deployment?.findings).toMatchObject([
      {
        cause:
          "The container `site` ends with exit code 1 as soon as it is started (2 times). nginx wants to write /nginx.pid, and only /tmp can be written.",
        remedy: "Put it below /tmp in nginx.conf, such as: pid /tmp/nginx.pid;",
        lines: ['nginx: [emerg] open() "/nginx.pid" failed (30: Read-only file system)'],
      },
    ]);
  });

  const { "get deployment": healthy } = healthyCluster as Record<string, { status: object }>;

  it("whose pods the cluster refuses to create", async () => {
    const io = createStackIo();
    const message =
      'pods "x" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1';
    const conditions = [{ type: "ReplicaFailure", status: "True", message }];
    io.cluster["get deployment"] = { ...healthy, status: { readyReplicas: 0, conditions } };
    io.cluster["get pods"] = { items: [] };
    expect((await causes(io)).deployment).toEqual([
      "The cluster refuses to create the pods. The namespace's quota q leaves no room for the pod. A rolling update needs room for one pod more.",
    ]);
  });

  it("that makes no progress, and says no more", async () => {
    const io = createStackIo();
    const conditions = [
      { type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded" },
    ];
    io.cluster["get deployment"] = { ...healthy, status: { readyReplicas: 0, conditions } };
    expect((await causes(io)).deployment).toEqual([
      "The rollout of `site` made no progress in its time limit: 0 of 1 pods are ready.",
    ]);
  });

  it("that has just begun", async () => {
    const io = createStackIo();
    io.cluster["get deployment"] = { ...healthy, status: { readyReplicas: 0 } };
    expect((await causes(io)).deployment?.join()).toMatch(
      /^0 of 1 pods of `site` are ready; the newest pod is \d+ seconds old/,
    );
  });

  it("whose pods run something else gets a warning", async () => {
    const io = createStackIo();
    const other = `registry.test:5050/web/gatsby-site@sha256:${"b".repeat(64)}`;
    const status = {
      name: "site",
      image: other,
      imageID: other,
      ready: true,
      state: { running: {} },
    };
    io.cluster["get pods"] = { items: [{ ...readyPod, status: { containerStatuses: [status] } }] };
    expect(await warnings(io)).toEqual([
      `The pods run ${other}, and not ${digest}, the last successful release of \`dev\`: something else has changed the Deployment, or the last update failed.`,
    ]);
  });
});
