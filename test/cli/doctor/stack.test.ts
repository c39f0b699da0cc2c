import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { clusterStep } from "../../../cli/doctor/steps/cluster";
import { configurationStep } from "../../../cli/doctor/steps/configuration";
import { namespaceStep } from "../../../cli/doctor/steps/namespace";
import { pullSecretStep } from "../../../cli/doctor/steps/pullSecret";
import { stateStep } from "../../../cli/doctor/steps/state";
import { ended } from "../../support/cli";
import { listCauses } from "./support/doctorWorld";
import {
  createStackIo,
  deployedState,
  healthyCluster,
  renderSecret,
  runOnly,
  type StackIo,
} from "./support/stackWorld";

const chosen = [configurationStep, stateStep, clusterStep, namespaceStep, pullSecretStep];
let cwd: string;

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "slipway-doctor-"));
  writeFileSync(join(cwd, "Pulumi.yaml"), "name: gatsby-site\n");
});

afterAll(() => rmSync(cwd, { recursive: true }));

const run = (io: StackIo) => runOnly(chosen, io, cwd);
const causes = async (io: StackIo) => listCauses(await run(io));
const warnings = async (io: StackIo) =>
  (await run(io)).flatMap((result) => result.warnings ?? []).map(({ cause }) => cause);

describe("a stack", () => {
  it("that is healthy has no finding", async () => {
    const results = await run(createStackIo());
    expect(listCauses(results)).toEqual({});
    expect(results.map(({ status }) => status)).toEqual(chosen.map(() => "ok"));
    expect(results.flatMap((result) => result.warnings ?? [])).toEqual([]);
  });

  it("that was never deployed has nothing to look at in the cluster", async () => {
    const results = await run(createStackIo({}));
    expect(listCauses(results)).toEqual({});
    expect(results.map(({ leftOut }) => leftOut).filter(Boolean)).toEqual([
      "nothing is deployed yet",
      "nothing is deployed yet",
    ]);
  });

  it("with an invalid configuration says all that is wrong, and goes no further", async () => {
    const results = await run(createStackIo({}, { replicas: "-1", digest: "latest" }));
    expect(Object.keys(listCauses(results))).toEqual(["configuration"]);
    expect(results[0]?.findings).toHaveLength(2);
    expect(results.slice(1).map(({ status }) => status)).toEqual(
      chosen.slice(1).map(() => "skipped"),
    );
  });

  it("whose Pulumi is too old", async () => {
    const io = createStackIo();
    io.pulumiVersion = "v3.100.0";
    expect(await causes(io)).toEqual({
      configuration: ["pulumi is 3.100.0, and Slipway needs 3.259.0 or newer."],
    });
  });

  it("without an access token", async () => {
    const io = createStackIo();
    io.env = {};
    expect(await causes(io)).toEqual({
      configuration: [
        "`GITLAB_TOKEN` is not set, and the stack creates its deploy tokens with it.",
      ],
    });
  });

  it("with a killed update and a lock", async () => {
    const locks = join(cwd, "state", ".pulumi", "locks", "organization", "gatsby-site", "dev");
    mkdirSync(locks, { recursive: true });
    const timestamp = new Date(Date.now() - 3 * 60_000).toISOString();
    writeFileSync(
      join(locks, "1.json"),
      JSON.stringify({ pid: 7, username: "me", hostname: "ci", timestamp }),
    );
    const pending = [{ type: "creating", resource: { type: "t", urn: "urn:pulumi:dev::p::t::x" } }];
    const io = createStackIo({ ...deployedState, pending_operations: pending });
    io.backend = `file://${join(cwd, "state")}`;

    expect(await causes(io)).toEqual({
      state: [
        "`dev` is locked since 3 minutes by me@ci, process 7: an update runs there or was killed.",
        "An update of `dev` was killed while it was creating x.",
      ],
    });
  });

  it("that an update runs on, as Pulumi Cloud says", async () => {
    const io = createStackIo();
    io.backend = "https://app.pulumi.com/web";
    io.stacks.dev = { ...io.stacks.dev, updateInProgress: true };

    expect(await causes(io)).toEqual({
      state: ["`dev` is locked: Pulumi Cloud says that an update of it runs, or was killed."],
    });
  });

  it("whose state can't be read", async () => {
    const io = createStackIo();
    io.isReadable = () => false;
    expect(await causes(io)).toMatchObject({});
    expect((await run(io)).some(({ status }) => status === "failed")).toBe(true);
  });
});

describe("a cluster", () => {
  it("that does not answer", async () => {
    const io = createStackIo();
    io.kubectlError = ended(
      1,
      "",
      "The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?",
    );
    expect(await causes(io)).toEqual({
      cluster: [
        "Nothing listens at 127.0.0.1:1: the cluster is stopped, or the kubeconfig is another one's.",
      ],
    });
  });

  it("that is too old, and an account without rights", async () => {
    const io = createStackIo();
    const review = (resource: string, verb: string, allowed: boolean) => ({
      spec: { resourceAttributes: { group: "", resource, verb } },
      status: { allowed },
    });
    io.cluster = {
      ...healthyCluster,
      version: { serverVersion: { gitVersion: "v1.27.1", minor: "27+" } },
      create: {
        items: [
          review("pods", "list", true),
          review("secrets", "get", false),
          review("secrets", "patch", false),
          review("namespaces", "create", false),
        ],
      },
    };
    expect(await causes(io)).toEqual({
      cluster: [
        "This account may not get, patch secrets in namespace `web`.",
        "This account may not create namespaces.",
        "The cluster has Kubernetes v1.27.1, and the site's pods need 1.30 or newer.",
      ],
    });
  });

  it.each([
    [
      undefined,
      "The cluster has no namespace `web`, or this account may not read it: it was deleted, or the kubeconfig is another cluster's.",
    ],
    [{ metadata: {}, status: { phase: "Terminating" } }, "The namespace `web` is being deleted."],
  ])("whose namespace is gone or going", async (namespace, cause) => {
    const io = createStackIo();
    if (namespace === undefined) delete io.cluster["get namespace"];
    else io.cluster["get namespace"] = namespace;
    expect((await causes(io)).namespace).toEqual([cause]);
  });

  it("whose quota is used up gets a warning", async () => {
    const io = createStackIo();
    const status = {
      hard: { pods: "1", "requests.cpu": "1" },
      used: { pods: "1", "requests.cpu": "25m" },
    };
    io.cluster["get resourcequotas"] = { items: [{ metadata: { name: "q" }, status }] };
    expect(await warnings(io)).toEqual([
      "The quota `q` of namespace `web` is used up: pods 1 of 1. The next update has no room for a new pod.",
    ]);
  });

  it.each([
    [
      ["traefik"],
      "The cluster has no IngressClass `nginx`, so nothing serves `www.example.com`. It has: traefik.",
    ],
    [
      [],
      "The cluster has no IngressClass `nginx`, so nothing serves `www.example.com`. It has: none.",
    ],
  ])("without the Ingress's class", async (names, cause) => {
    const io = createStackIo(deployedState, { host: "www.example.com", ingressClass: "nginx" });
    io.cluster["get ingressclasses"] = { items: names.map((name) => ({ metadata: { name } })) };
    expect((await causes(io)).namespace).toEqual([cause]);
  });
});

describe("a pull secret", () => {
  it.each([
    [
      "missing",
      undefined,
      "The namespace `web` has no secret `gitlab-registry`, so its pods can't pull.",
    ],
    [
      "of another type",
      renderSecret({}, "Opaque"),
      'The secret `gitlab-registry` has the type "Opaque", and the kubelet reads only "kubernetes.io/dockerconfigjson".',
    ],
    [
      "for another host",
      renderSecret({ auths: { "registry.test": {} } }),
      "The secret `gitlab-registry` has no credentials for `registry.test:5050`, but for: registry.test. The key must be the host and port of the image.",
    ],
    [
      "with other credentials",
      renderSecret({
        auths: { "registry.test:5050": { auth: Buffer.from("pull:other").toString("base64") } },
      }),
      "The secret `gitlab-registry` has other credentials than the stack's pull token: somebody changed it.",
    ],
  ])("that is %s", async (_, secret, cause) => {
    const io = createStackIo();
    if (secret === undefined) delete io.cluster["get secret"];
    else io.cluster["get secret"] = secret;
    const results = await run(io);
    expect(listCauses(results)["pull-secret"]).toEqual([cause]);
    expect(JSON.stringify(results.map(({ findings }) => findings))).not.toContain("pull-password");
  });

  it("that the pods do not name", async () => {
    const io = createStackIo();
    const deployment = {
      metadata: { name: "site" },
      spec: { selector: {}, template: { spec: {} } },
    };
    io.cluster["get deployment"] = deployment;
    expect((await causes(io))["pull-secret"]).toEqual([
      "The pods of `site` do not name the pull secret `gitlab-registry`.",
    ]);
  });
});
