import * as pulumi from "@pulumi/pulumi";

import type { ExistingRelease } from "../../../components/release/existingRelease";
import { findReleaseProblem, ReleasedImage } from "../../../components/release/releasedImage";
import { RegistryError } from "../../../components/registry/registryClient";
import { FakeEngine, promiseOf } from "../../support/engine";
import { Gate } from "../../support/latch";
import { FakeRegistry } from "../../support/registry";

const repository = "gitlab.example.com:5050/web/gatsby-site";
const digest = `sha256:${"a".repeat(64)}`;
const other = `sha256:${"b".repeat(64)}`;
const login = { username: "writer", password: "gldt-1/+ü" };
const promoted: ExistingRelease = {
  digest,
  commit: "1ecfd275763eff1d6b4844ea3168962458c9f27a",
  version: "v1.2.3",
  tags: ["main"],
  from: "staging",
  tagged: undefined,
};
const tagged = { version: "v1.2.3", commit: promoted.commit, tag: "1ecfd275" };

let engine: FakeEngine;
let registry: FakeRegistry;

async function install(options: { preview?: boolean } = {}) {
  engine = await FakeEngine.install(options);
  registry = FakeRegistry.install(repository, login);
  registry.tags = { [digest]: digest };
}

beforeEach(() => install());
afterEach(() => jest.restoreAllMocks());

describe("ReleasedImage", () => {
  it("is the release that is given, and builds nothing", async () => {
    const image = new ReleasedImage("image", { repository, release: promoted, ...login });
    await engine.settle();

    expect(engine.tree()).toEqual(["slipway:index:ReleasedImage image < stack"]);
    expect(await promiseOf(image.digest)).toBe(digest);
    expect(image.revision).toEqual({ dirty: false, version: undefined });
    expect(engine.outputsOf("image")).toEqual({
      digest,
      commit: promoted.commit,
      version: "v1.2.3",
    });
    expect(engine.find("image").inputs).toEqual({});
  });

  it.each([
    [undefined, ""],
    [{ contentVersion: undefined }, ""],
    [{ contentVersion: "2026-11-28" }, "2026-11-28"],
  ])("keeps the content's version of the stack's last image: %j", async (last, expected) => {
    const image = new ReleasedImage("image", { repository, release: promoted, last, ...login });
    await engine.settle();

    expect(await promiseOf(image.contentVersion)).toBe(expected);
  });

  it("names a tag only by a version that a pipeline gives it now", async () => {
    registry.tags = { "1ecfd275": digest, [digest]: digest };
    const release = { ...promoted, tagged };
    const image = new ReleasedImage("image", { repository, release, ...login });
    await engine.settle();

    expect(image.revision).toEqual({ dirty: false, version: "v1.2.3" });
  });

  it("returns no digest before the registry was asked for it", async () => {
    registry.gate = new Gate();
    const image = new ReleasedImage("image", { repository, release: promoted, ...login });
    const handedOut = jest.fn();
    const digested = promiseOf(image.digest).then(handedOut);
    await registry.gate.reached;
    expect(handedOut).not.toHaveBeenCalled();

    registry.gate.open();
    await digested;
    expect(handedOut).toHaveBeenCalledWith(digest);
    expect(registry.requests.at(-1)).toBe(
      `HEAD https://gitlab.example.com:5050/v2/web/gatsby-site/manifests/${digest}`,
    );
    await engine.settle();
  });

  it("keeps the password secret, and the digest none", async () => {
    const image = new ReleasedImage("image", { repository, release: promoted, ...login });
    await engine.settle();

    expect(engine.clearText()).not.toContain("gldt-1");
    expect(await pulumi.isSecret(image.digest)).toBe(false);
  });

  it("asks no registry in a preview", async () => {
    await install({ preview: true });
    const image = new ReleasedImage("image", { repository, release: promoted, ...login });
    await engine.settle();

    expect(await promiseOf(image.digest)).toBe(digest);
    expect(registry.requests).toEqual([]);
  });
});

describe("findReleaseProblem", () => {
  /** A registry that has these digests, by tag or digest. */
  const having = (digests: Record<string, string>) => ({
    repository,
    findDigest: (reference: string) => Promise.resolve(digests[reference]),
  });

  it("finds none with a release that is there", async () => {
    expect(await findReleaseProblem(having({ [digest]: digest }), promoted)).toBeUndefined();
  });

  it("names the stack whose release is gone", async () => {
    expect(await findReleaseProblem(having({}), promoted)).toBe(
      `\`staging\` runs ${digest}, which \`${repository}\` does not have any more: nothing was changed. Build and deploy it there again:\n    pulumi up --stack staging`,
    );
  });

  it("names the pin whose release is not there", async () => {
    expect(await findReleaseProblem(having({}), { ...promoted, from: undefined })).toBe(
      `\`digest\` is ${digest}, which \`${repository}\` does not have: nothing was changed. Pin another one, or none:\n    pulumi config rm digest`,
    );
  });

  it("accepts a version whose commit was built as what the stack runs", async () => {
    const reader = having({ "1ecfd275": digest, [digest]: digest });
    expect(await findReleaseProblem(reader, { ...promoted, tagged })).toBeUndefined();
  });

  it("refuses a version whose commit was built as something else, naming both", async () => {
    const reader = having({ "1ecfd275": other, [digest]: digest });
    expect(await findReleaseProblem(reader, { ...promoted, tagged })).toBe(
      `\`v1.2.3\` is commit \`1ecfd275\`, built as ${other}, but \`staging\` runs ${digest}: nothing was changed. Promote that commit to \`staging\` first, or give the version to the commit that it runs.`,
    );
  });

  it("refuses a version whose commit was never built", async () => {
    expect(await findReleaseProblem(having({ [digest]: digest }), { ...promoted, tagged })).toBe(
      `\`v1.2.3\` is commit \`1ecfd275\`, of which \`${repository}\` has no image, but \`staging\` runs ${digest}: nothing was changed. Build that commit and promote it to \`staging\` first.`,
    );
  });

  it("says what it could not find out", async () => {
    const failing = {
      repository,
      findDigest: () => Promise.reject(new RegistryError("No answer.")),
    };
    expect(await findReleaseProblem(failing, promoted)).toBe(
      `Whether \`${repository}\` has ${digest} is unknown: nothing was changed. No answer.`,
    );
    const broken = { repository, findDigest: () => Promise.reject(new TypeError("a defect")) };
    await expect(findReleaseProblem(broken, promoted)).rejects.toThrow("a defect");
  });
});
