import { Pulumi } from "../../../cli/pulumi/pulumiCli";
import { recoverPendingCreates } from "../../../cli/pulumi/recovery";
import { parseState } from "../../../cli/pulumi/stackState";
import { ended, FakeIo } from "../../support/cli";

const stackUrn = "urn:pulumi:prod::site::pulumi:pulumi:Stack::site-prod";
const siteUrn = "urn:pulumi:prod::site::slipway:index:GatsbySite::site";
const providerUrn = "urn:pulumi:prod::site::pulumi:providers:kubernetes::cluster";
const stackResource = {
  urn: stackUrn,
  type: "pulumi:pulumi:Stack",
  created: "2026-11-28T08:00:00.9Z",
};
/** The killed update had written the state at 08:00:30. */
const manifest = { time: "2026-11-28T08:00:30Z" };

const labels = { app: "site" };
const namespace = {
  urn: `urn:pulumi:prod::site::slipway:index:GatsbySite$kubernetes:core/v1:Namespace::site-namespace`,
  type: "kubernetes:core/v1:Namespace",
  inputs: { apiVersion: "v1", kind: "Namespace", metadata: { name: "site-prod", labels } },
  parent: siteUrn,
  provider: `${providerUrn}::1234`,
};
const secret = {
  urn: "urn:pulumi:prod::site::kubernetes:core/v1:Secret::pull",
  type: "kubernetes:core/v1:Secret",
  inputs: {
    apiVersion: "v1",
    kind: "Secret",
    data: { "4dabf18193072939515e22adb298388d": "1b47", ciphertext: "v1:abc" },
    metadata: { name: "pull", namespace: "site-prod" },
  },
  parent: stackUrn,
};

/** An object as the API server has it. */
const live = (metadata: object = {}) => ({
  metadata: {
    creationTimestamp: "2026-11-28T08:00:00Z",
    labels: { ...labels, "kubernetes.io/metadata.name": "site-prod" },
    managedFields: [{ manager: "pulumi-kubernetes" }],
    ...metadata,
  },
});

interface Scene {
  readonly pending?: readonly object[];
  readonly resources?: readonly object[];
  readonly objects?: Record<string, object>;
  readonly lastEnd?: string;
  readonly values?: Record<string, string>;
}

function recover(scene: Scene, prepare: (io: FakeIo) => void = () => undefined) {
  const { lastEnd, objects = {}, pending = [namespace], resources = [], values = {} } = scene;
  const io = new FakeIo({ prod: lastEnd === undefined ? {} : { last: "succeeded", lastEnd } });
  io.objects = objects;
  prepare(io);
  const deployment = {
    manifest,
    resources: [stackResource, ...resources],
    pending_operations: pending.map((resource) => ({ type: "creating", resource })),
  };
  const state = parseState(JSON.stringify({ deployment }));
  const args = { cwd: ".", stack: "prod", state, values };
  const run = recoverPendingCreates(args, new Pulumi(io, "."), io);
  return { io, run };
}

const cleared = "pulumi refresh --stack prod --clear-pending-creates --yes --skip-preview";
const imported =
  "pulumi import --stack prod --file <file> --protect=false --generate-code=false --yes --skip-preview";
const found = { "Namespace.v1. site-prod": live() };

function expectNothingDeleted(io: FakeIo): void {
  const commands = [...io.captured, ...io.streamed];
  expect(commands.filter((line) => /\bdelete\b|\bcancel\b/.test(line))).toEqual([]);
}

describe("recoverPendingCreates", () => {
  it("does nothing if nothing was pending", async () => {
    const { io, run } = recover({ pending: [] });
    expect(await run).toEqual([]);
    expect([io.printed, io.streamed]).toEqual([[], []]);
  });

  it("imports what the killed update has created, and deletes nothing", async () => {
    const { io, run } = recover({
      pending: [namespace, secret],
      objects: { ...found, "Secret.v1. pull": live() },
    });
    const creates = await run;

    expect(creates.map(({ resource }) => resource.urn)).toEqual([namespace.urn, secret.urn]);
    expect(io.streamed).toEqual([imported, cleared]);
    expectNothingDeleted(io);
    expect(io.printed).toEqual([
      "An update of `prod` was killed, or is running now. Checking what it was creating.",
      "Namespace `site-prod` exists: it is imported into the state.",
      "Secret `site-prod/pull` exists: it is imported into the state.",
    ]);
    expect(io.imported).toEqual([
      {
        nameTable: { "parent-0": siteUrn, "provider-0": providerUrn },
        resources: [
          {
            type: namespace.type,
            name: "site-namespace",
            id: "site-prod",
            parent: "parent-0",
            provider: "provider-0",
            inputs: namespace.inputs,
            outputs: {
              apiVersion: "v1",
              kind: "Namespace",
              metadata: { name: "site-prod", labels },
              __inputs: namespace.inputs,
              __initialApiVersion: "v1",
              __fieldManager: expect.stringMatching(/^pulumi-kubernetes-[0-9a-f]{8}$/) as string,
            },
          },
          expect.objectContaining({ name: "pull", id: "site-prod/pull", inputs: secret.inputs }),
        ],
      },
    ]);
  });

  it("forgets what does not exist", async () => {
    const { io, run } = recover({});
    await run;
    expect(io.streamed).toEqual([cleared]);
    expect(io.captured).toContain(
      "kubectl get Namespace.v1. site-prod --ignore-not-found --output json --show-managed-fields",
    );
  });

  it("forgets what a later update has created, without touching it", async () => {
    const { io, run } = recover({
      objects: found,
      resources: [{ ...namespace, id: "site-prod" }],
      lastEnd: "2026-11-28T08:00:29Z",
    });
    await run;
    expect(io.streamed).toEqual([cleared]);
    expectNothingDeleted(io);
  });

  it("knows an object that has another address by now", async () => {
    const { io, run } = recover({
      objects: found,
      resources: [{ ...namespace, urn: "urn:pulumi:prod::site::moved", id: "site-prod" }],
    });
    await run;
    expect(io.streamed).toEqual([cleared]);
  });

  it.each([
    [
      "of another program",
      { managedFields: [{ manager: "kubectl" }] },
      "was not created by Pulumi",
    ],
    [
      "with a subresource of Pulumi's only",
      { managedFields: [{ manager: "pulumi-kubernetes", subresource: "status" }] },
      "was not created by Pulumi",
    ],
    [
      "from before the stack",
      { creationTimestamp: "2026-11-28T07:59:59Z" },
      "was created at 2026-11-28T07:59:59Z, before that update began",
    ],
    [
      "from long after the kill",
      { creationTimestamp: "2026-11-28T09:00:00Z" },
      "was created at 2026-11-28T09:00:00Z, after that update was killed",
    ],
    [
      "with other labels",
      { labels: { app: "another" } },
      "has other labels or annotations than that update wanted",
    ],
    ["that goes", { deletionTimestamp: "2026-11-28T09:00:00Z" }, "is being deleted"],
  ])("touches no object %s, and says what can be done", async (_, metadata, doubt) => {
    const objects = { "Namespace.v1. site-prod": live(metadata) };
    const { io, run } = recover({ objects });

    await expect(run).rejects.toThrow(
      [
        "A killed update of `prod` was about to create these objects. They exist, but it is not certain that this update created them. Nothing was changed:",
        `  - Namespace \`site-prod\` ${doubt}. If it belongs to this stack:`,
        `      pulumi import kubernetes:core/v1:Namespace site-namespace site-prod --parent 'parent=${siteUrn}' --provider 'provider=${providerUrn}' --protect=false --generate-code=false --yes --stack prod`,
        "If an object belongs to another program, give this stack's object another name. To make Pulumi forget what that update was about to create:",
        "    pulumi refresh --clear-pending-creates --yes --stack prod",
      ].join("\n"),
    );
    expect(io.streamed).toEqual([]);
    expectNothingDeleted(io);
  });

  it("doubts an object that is older than the end of the last operation", async () => {
    const { run } = recover({ objects: found, lastEnd: "2026-11-28T08:00:20Z" });
    await expect(run).rejects.toThrow("before that update began");
  });

  it("leaves an object that replaces one of the state to a person", async () => {
    const { io, run } = recover({
      objects: found,
      resources: [{ ...namespace, id: "site-prod", pendingReplacement: true }],
    });
    await expect(run).rejects.toThrow(
      "  - Namespace `site-prod` replaces an object that the state still has, so it can't be imported. Delete it if nothing uses it:\n      kubectl delete namespace site-prod\n",
    );
    expect(io.streamed).toEqual([]);
  });

  it("stops at the lock of an update that runs, before anything is changed", async () => {
    const { io, run } = recover({ objects: found }, (fake) => {
      fake.updates = [
        ended(
          255,
          "",
          "error: the stack is currently locked by 1 lock(s).\n  file:///state/.pulumi/locks/a.json: created by root@build (pid 7) at 2026-11-28T08:00:00Z",
        ),
      ];
    });
    await expect(run).rejects.toThrow("`prod` is locked:");
    expect(io.streamed).toEqual([imported]);
    expectNothingDeleted(io);
  });

  it("says that it could not import, and forgets nothing then", async () => {
    const { io, run } = recover({ objects: found }, (fake) => (fake.updates = [ended(255)]));
    await expect(run).rejects.toThrow(
      "What the killed update has created could not be imported into the state of `prod`; the reason is above. Fix it, and run this again.",
    );
    expect(io.streamed).toEqual([imported]);
  });

  it("says that the state could not be refreshed", async () => {
    const { run } = recover({}, (fake) => (fake.updates = [ended(255)]));
    await expect(run).rejects.toThrow(
      "The state of `prod` could not be refreshed; the reason is above. Fix it, and run this again.",
    );
  });
});
