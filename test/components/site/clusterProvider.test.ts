import * as pulumi from "@pulumi/pulumi";

import {
  type ClusterProviderArgs,
  createClusterProvider,
} from "../../../components/site/clusterProvider";
import { FakeEngine } from "../../support/engine";

const type = "pulumi:providers:kubernetes";
const mutable = { enableConfigMapMutable: "true", enableSecretMutable: "true" };
let engine: FakeEngine;
let warn: jest.SpiedFunction<typeof pulumi.log.warn>;
const { env } = process;

beforeEach(async () => {
  process.env = { ...env };
  delete process.env.KUBECONFIG;
  engine = await FakeEngine.install();
  warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue();
});
afterEach(() => {
  process.env = env;
  jest.restoreAllMocks();
});

/** The provider's inputs for a stack whose last update left `outputs` of it. */
async function inputsOf(args: Partial<ClusterProviderArgs> = {}, outputs?: object) {
  const urn = `urn:pulumi:dev::gatsby-site::${type}::cluster`;
  const resources = outputs ? [{ urn, type, outputs: outputs as Record<string, unknown> }] : [];
  createClusterProvider("cluster", { last: { resources }, ...args });
  await engine.settle();
  return engine.find("cluster", type).inputs;
}

describe("createClusterProvider", () => {
  it("identifies the cluster of a new stack by the stack's name", async () => {
    expect(await inputsOf()).toEqual({ ...mutable, clusterIdentifier: "dev" });
  });

  it("leaves everything that a machine's environment says to the plugin", async () => {
    process.env.KUBECONFIG = "/home/of/one/person";
    for (const name of ["DELETE_UNREACHABLE", "ENABLE_PATCH_FORCE", "UPSERT_EXISTING_OBJECTS"]) {
      process.env[`PULUMI_K8S_${name}`] = "true";
    }
    process.env.PULUMI_K8S_ENABLE_SERVER_SIDE_APPLY = "false";

    expect(await inputsOf()).toEqual({ ...mutable, clusterIdentifier: "dev" });
  });

  it("passes a configured kubeconfig on, as a secret", async () => {
    const inputs = await inputsOf({ kubeconfig: pulumi.secret("kind: Config"), context: "a" });

    expect(inputs).toMatchObject({ kubeconfig: { secret: "kind: Config" }, context: "a" });
  });

  it("keeps the identifier of the last update, whatever the context or the stack is called", async () => {
    const last = { clusterIdentifier: "former-name", context: "a" };

    expect(await inputsOf({ context: "b" }, last)).toMatchObject({
      clusterIdentifier: "former-name",
      context: "b",
    });
  });

  it("takes another identifier, which moves the stack, without a warning", async () => {
    const last = { clusterIdentifier: "dev", context: "a" };
    const inputs = await inputsOf({ context: "b", identifier: "b" }, last);

    expect(inputs).toMatchObject({ clusterIdentifier: "b", context: "b" });
    expect(warn).not.toHaveBeenCalled();
  });

  it("warns when the context is another one, since the cluster may be too", async () => {
    await inputsOf({ context: "b" }, { clusterIdentifier: "dev" });

    expect(warn.mock.calls.map(([text]) => text)).toEqual([
      '`kubernetes:context` is "b", but was not set in the last update. Both are taken for the same cluster, and nothing is created again. If it is another cluster, give it an identifier of its own, and the stack moves there:\n    pulumi config set clusterIdentifier b',
    ]);
  });

  it("does not warn when the context stays, or the stack is new", async () => {
    await inputsOf({ context: "a" }, { clusterIdentifier: "dev", context: "a" });
    engine = await FakeEngine.install();
    await inputsOf({ context: "a" });

    expect(warn).not.toHaveBeenCalled();
  });

  it("shows no change of a stack whose state has this machine's KUBECONFIG", async () => {
    process.env.KUBECONFIG = "/home/me/kubeconfig";
    const last = { clusterIdentifier: "dev", kubeconfig: "/home/me/kubeconfig" };

    expect(await inputsOf({}, last)).toEqual({ ...mutable, ...last });
  });

  it("drops the path of another machine", async () => {
    process.env.KUBECONFIG = "/home/me/kubeconfig";
    const last = { clusterIdentifier: "dev", kubeconfig: "/builds/kubeconfig" };

    expect(await inputsOf({}, last)).toEqual({ ...mutable, clusterIdentifier: "dev" });
  });
});
