import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { renderPullPod } from "../../../cli/doctor/pullPod";
import { clusterStep } from "../../../cli/doctor/steps/cluster";
import { configurationStep } from "../../../cli/doctor/steps/configuration";
import { nodePullStep } from "../../../cli/doctor/steps/nodePull";
import { stateStep } from "../../../cli/doctor/steps/state";
import { createStackIo, image, runOnly, type StackIo } from "./support/stackWorld";

let cwd: string;

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "slipway-doctor-"));
  writeFileSync(join(cwd, "Pulumi.yaml"), "name: gatsby-site\n");
});

afterAll(() => rmSync(cwd, { recursive: true }));

/** A cluster in which the pod has this state. */
function createIo(state: object): StackIo {
  const io = createStackIo();
  const containerStatuses = [{ name: "slipway-doctor", image, ready: false, state }];
  io.cluster["get pod"] = { metadata: { name: "x" }, status: { containerStatuses } };
  io.cluster.create = { items: [] };
  io.cluster.delete = {};
  return io;
}

// Here nothing asks a registry before.
const pullStep = { ...nodePullStep, dependsOn: ["cluster"] };

const run = async (io: StackIo) =>
  (await runOnly([configurationStep, stateStep, clusterStep, pullStep], io, cwd)).at(-1);

const pod = /^delete pod slipway-doctor-[0-9a-f]{8} --namespace$/;

describe("the pod that pulls on a node", () => {
  it("is removed once it has pulled, and so are those of runs that were killed", async () => {
    const io = createIo({ terminated: { exitCode: 0 } });

    expect(await run(io)).toMatchObject({ status: "ok", detail: "pulled, with the pull secret" });
    expect(io.changes.slice(1)).toEqual([
      "delete pod --selector app.kubernetes.io/name=slipway-doctor",
      expect.stringMatching(/^create --filename /),
      expect.stringMatching(pod),
    ]);
  });

  it("is removed if it can't pull, and says why", async () => {
    const message = `failed to resolve reference "${image}": failed to authorize: failed to fetch oauth token: unexpected status: 401 Unauthorized`;
    const io = createIo({ waiting: { reason: "ErrImagePull", message } });

    expect((await run(io))?.findings).toMatchObject([
      {
        cause: `The node can't pull \`${image}\`. GitLab refuses the credentials of the pull secret: they are wrong, expired or revoked.`,
      },
    ]);
    expect(io.changes.at(-1)).toMatch(pod);
  });

  it("is left out if this account may not create one", async () => {
    const io = createIo({});
    delete io.cluster.create;

    expect(await run(io)).toMatchObject({
      status: "leftOut",
      leftOut: "no pod can be created: Error from server (NotFound)",
    });
  });

  it("has a deadline, no token, and meets the restricted standard", () => {
    const { metadata, spec } = renderPullPod({
      namespace: "web",
      repository: "registry.test:5050/web/site",
      digest: "sha256:01",
      pullSecret: "gitlab-registry",
    });

    expect(metadata).toMatchObject({
      namespace: "web",
      labels: { "app.kubernetes.io/name": "slipway-doctor" },
    });
    expect(spec).toMatchObject({
      activeDeadlineSeconds: 60,
      restartPolicy: "Never",
      automountServiceAccountToken: false,
      imagePullSecrets: [{ name: "gitlab-registry" }],
      securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          image: "registry.test:5050/web/site@sha256:01",
          imagePullPolicy: "Always",
          securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true },
        },
      ],
    });
  });
});
