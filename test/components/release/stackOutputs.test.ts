import * as pulumi from "@pulumi/pulumi";

import {
  computeFullName,
  findStackOutputs,
  readLastUpdate,
  tryReadStackResources,
} from "../../../components/release/stackOutputs";
import { FakeEngine } from "../../support/engine";

const staging = "organization/gatsby-site/staging";
const resource = { type: "kubernetes:core/v1:Secret", outputs: {} };

beforeEach(async () => {
  await FakeEngine.install({
    stacks: { [staging]: { outputs: { url: "http://x" }, resources: { "urn:1": resource } } },
  });
});

afterEach(() => jest.restoreAllMocks());

describe("computeFullName", () => {
  it("takes a name alone for a stack of this project", () => {
    expect(computeFullName("staging")).toBe(staging);
    expect(computeFullName("acme/site/staging")).toBe("acme/site/staging");
  });
});

describe("readLastUpdate", () => {
  const digest = `sha256:${"a".repeat(64)}`;
  const own = "organization/gatsby-site/dev";

  it("reads release, tokens and resources in two calls", async () => {
    const outputs = { digest, tier: "staging", pushTokenExpiresAt: "2027-03-17T00:00:00Z" };
    const engine = await FakeEngine.install({
      stacks: { [own]: { outputs, resources: { "urn:1": resource } } },
    });

    expect(await readLastUpdate()).toEqual({
      release: expect.objectContaining({ digest, tier: "staging" }) as unknown,
      tokensInUse: { push: "2027-03-17T00:00:00Z" },
      resources: [{ urn: "urn:1", ...resource }],
    });
    expect(engine.calls.map(({ token }) => token)).toEqual([
      "pulumi:pulumi:readStackOutputs",
      "pulumi:pulumi:readStackResourceOutputs",
    ]);
  });

  it.each<[string, Record<string, unknown>, string, string | undefined]>([
    ["the image's own", { contentVersion: "new" }, "old", "new"],
    ["the output's if the stack builds no image", {}, "old", "old"],
    ["none if none was ever requested", { contentVersion: "" }, "", undefined],
  ])("reads the version of the content: %s", async (_, outputs, output, expected) => {
    const image = { type: "slipway:index:SiteImage", outputs };
    await FakeEngine.install({
      stacks: {
        [own]: { outputs: { digest, contentVersion: output }, resources: { "urn:2": image } },
      },
    });
    expect((await readLastUpdate()).contentVersion).toBe(expected);
  });

  it("does not ask for the resources of a stack without state, at which Pulumi crashes", async () => {
    const engine = await FakeEngine.install();

    expect(await readLastUpdate()).toEqual({ release: undefined, tokensInUse: {}, resources: [] });
    expect(engine.calls).toHaveLength(1);
  });
});

describe("readLastUpdate of a backend that fails", () => {
  it("fails too: without the state everything would be replaced", async () => {
    await FakeEngine.install({
      stacks: {
        "organization/gatsby-site/dev": { outputs: { digest: "sha256:1" }, resources: undefined },
      },
    });
    await expect(readLastUpdate()).rejects.toThrow("incorrect passphrase");
  });
});

describe("findStackOutputs", () => {
  it("reads another stack", async () => {
    expect(await findStackOutputs(staging)).toEqual({ url: "http://x" });
  });

  it("finds nothing where there is no such stack", async () => {
    expect(await findStackOutputs("organization/gatsby-site/none")).toBeUndefined();
  });

  it("hides no other failure", async () => {
    jest.spyOn(pulumi.runtime, "invoke").mockRejectedValue(new Error("the backend is away"));
    await expect(findStackOutputs(staging)).rejects.toThrow("the backend is away");
  });
});

describe("tryReadStackResources", () => {
  it("reads what the last update left", async () => {
    expect(await tryReadStackResources(staging)).toEqual([{ urn: "urn:1", ...resource }]);
  });

  it("makes do without, where the secrets have another key", async () => {
    await FakeEngine.install({ stacks: { [staging]: { outputs: { url: "http://x" } } } });
    expect(await tryReadStackResources(staging)).toBeUndefined();
  });
});
