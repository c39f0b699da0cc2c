import * as pulumi from "@pulumi/pulumi";

import {
  computeFullName,
  findStackOutputs,
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
    expect(await tryReadStackResources(staging)).toEqual([resource]);
  });

  it("makes do without, where the secrets have another key", async () => {
    expect(await tryReadStackResources("organization/gatsby-site/dev")).toBeUndefined();
  });
});
