import * as pulumi from "@pulumi/pulumi";

import {
  PreviousRelease,
  type PreviousReleaseArgs,
} from "../../../components/release/previousRelease";
import type { DeployedRelease } from "../../../components/release/release";
import { FakeEngine, promiseOf, unknown } from "../../support/engine";
import { FakeRegistry } from "../../support/registry";

const repository = "gitlab.example.com:5050/web/gatsby-site";
const [now, ran] = ["a", "b"].map((digit) => `sha256:${digit.repeat(64)}`);
const login = { username: "writer", password: "gldt-1/+ü" };
const last: DeployedRelease = {
  digest: ran,
  commit: "1ecfd275",
  version: "v1.0.0",
  repository,
  tags: [],
  tier: "staging",
  previous: undefined,
};

const none = { digest: "", commit: "", version: "" };

let engine: FakeEngine;
let registry: FakeRegistry;

async function install(options: { preview?: boolean } = {}) {
  engine = await FakeEngine.install(options);
  registry = FakeRegistry.install(repository, login);
  registry.tags = { [now]: now, [ran]: ran };
}

beforeEach(() => install());
afterEach(() => jest.restoreAllMocks());

async function create(args: Partial<PreviousReleaseArgs> = {}) {
  const release = new PreviousRelease("previous", {
    repository,
    stack: "prod",
    digest: now,
    last,
    isTagged: true,
    ...login,
    ...args,
  });
  await engine.settle();
  return release;
}

describe("PreviousRelease", () => {
  it("is what the stack ran until now, under a tag of its own", async () => {
    await create();

    expect(engine.tree()).toEqual([
      "docker-build:index:Index previous-previous < previous",
      "slipway:index:PreviousRelease previous < stack",
      "slipway:index:ReleaseTags previous < previous",
    ]);
    expect(engine.find("previous-previous").inputs).toMatchObject({
      tag: `${repository}:previous-prod`,
      sources: [`${repository}@${ran}`],
    });
    expect(engine.outputsOf("previous")).toEqual({
      digest: ran,
      commit: "1ecfd275",
      version: "v1.0.0",
      keptDigests: [],
    });
  });

  it("has the reference of what it found", async () => {
    expect(await promiseOf((await create()).reference)).toBe(`${repository}@${ran}`);
    expect(await promiseOf((await create({ last: undefined })).reference)).toBe("");
  });

  it("tags the first release until there is a second one", async () => {
    await create({ last: undefined });

    expect(engine.find("previous-previous").inputs.sources).toEqual([`${repository}@${now}`]);
    expect(engine.outputsOf("previous")).toEqual({ ...none, keptDigests: [] });
  });

  it("is the same in the next update of the same release", async () => {
    const { digest, commit, version } = last;
    await create({ last: { ...last, digest: now, previous: { digest, commit, version } } });

    expect(engine.find("previous-previous").inputs.sources).toEqual([`${repository}@${ran}`]);
    expect(engine.outputsOf("previous")).toMatchObject({ digest: ran });
  });

  it("makes no tag where none is wanted", async () => {
    await create({ isTagged: false });

    expect(engine.tree()).toEqual(["slipway:index:PreviousRelease previous < stack"]);
    expect(engine.outputsOf("previous")).toMatchObject({ digest: ran });
  });

  it("stops no release because what ran before was deleted", async () => {
    const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue();
    registry.tags = { [now]: now };
    await create();

    expect(engine.find("previous-previous").inputs.sources).toEqual([`${repository}@${now}`]);
    expect(engine.outputsOf("previous")).toEqual({ ...none, keptDigests: [] });
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0][0]).toBe(
      `\`${repository}\` does not have ${ran} any more, which \`prod\` ran before: there is nothing to roll back to.`,
    );
  });

  it("takes it for there where the registry does not say", async () => {
    registry.failWith = 500;
    await create();

    expect(engine.outputsOf("previous")).toMatchObject({ digest: ran });
  });

  it("asks no registry in a preview, where a digest may be unknown", async () => {
    await install({ preview: true });
    await create({ digest: pulumi.unknown as unknown as string });

    expect(registry.requests).toEqual([]);
    expect(engine.outputsOf("previous")).toMatchObject({ digest: unknown });
  });

  describe("with the files of three releases kept", () => {
    const [older, oldest] = ["c", "d"].map((digit) => `sha256:${digit.repeat(64)}`);
    const keeping = { ...last, previous: { ...none, digest: older }, kept: [older, oldest] };
    const tagsOf = () =>
      engine
        .tree()
        .flatMap((line) => /Index (\S+)/.exec(line)?.[1] ?? [])
        .map((name) => engine.find(name).inputs as { tag: string; sources: string[] })
        .map(({ sources, tag }) => [tag.slice(repository.length + 1), ...sources])
        .map(([tag, source]) => [tag, source.slice(repository.length + 1)]);

    beforeEach(() => (registry.tags = { ...registry.tags, [older]: older, [oldest]: oldest }));

    it("tags each, also in the next update of the same release", async () => {
      const release = await create({ last: keeping, keepReleases: 3 });
      const expected = [
        ["kept-2-prod", older],
        ["kept-3-prod", oldest],
        ["previous-prod", ran],
      ];
      expect(tagsOf()).toEqual(expected);
      const kept = [ran, older, oldest];
      expect(engine.outputsOf("previous")).toMatchObject({ digest: ran, keptDigests: kept });
      expect(await promiseOf(release.keptReferences)).toEqual(
        kept.map((digest) => `${repository}@${digest}`),
      );

      await install();
      registry.tags = { ...registry.tags, [older]: older, [oldest]: oldest };
      const { digest, commit, version } = last;
      const after = { ...last, digest: now, previous: { digest, commit, version }, kept };
      await create({ last: after, keepReleases: 3 });
      expect(tagsOf()).toEqual(expected);
      expect(engine.outputsOf("previous")).toMatchObject({ digest: ran, keptDigests: kept });
    });

    it("moves the tag of the oldest first, so that each has one all the time", async () => {
      await create({ last: keeping, keepReleases: 3 });
      const indexes = engine.registrations.filter(({ type }) => type.endsWith(":Index"));
      expect(indexes.map(({ inputs }) => inputs.tag)).toEqual(
        ["kept-3-prod", "kept-2-prod", "previous-prod"].map((tag) => `${repository}:${tag}`),
      );
    });

    it("lets tags without a release point to the oldest one", async () => {
      await create({ last: { ...last, previous: undefined }, keepReleases: 3 });
      expect(tagsOf()).toEqual([
        ["kept-2-prod", ran],
        ["kept-3-prod", ran],
        ["previous-prod", ran],
      ]);
      await install();
      await create({ last: undefined, keepReleases: 2 });
      expect(tagsOf()).toEqual([
        ["kept-2-prod", now],
        ["previous-prod", now],
      ]);
      expect(engine.outputsOf("previous")).toEqual({ ...none, keptDigests: [] });
    });

    it("leaves out what the registry no longer has", async () => {
      const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue();
      registry.tags = { [now]: now, [ran]: ran, [oldest]: oldest };
      await create({ last: keeping, keepReleases: 3 });

      expect(engine.outputsOf("previous")).toMatchObject({ keptDigests: [ran, oldest] });
      expect(warn.mock.calls.map(([text]) => text)).toEqual([
        `\`${repository}\` does not have ${older} any more, which \`prod\` ran earlier: its files are not kept.`,
      ]);
    });

    it("has the same tags in a preview whose digest is unknown", async () => {
      await install({ preview: true });
      await create({
        digest: pulumi.unknown as unknown as string,
        last: keeping,
        keepReleases: 2,
      });
      expect(engine.tree().filter((line) => line.includes("Index"))).toHaveLength(2);
      expect(engine.outputsOf("previous")).toMatchObject({ keptDigests: unknown });
    });
  });

  it("keeps the password secret, and what it says none", async () => {
    const release = await create();

    expect(engine.clearText()).not.toContain("gldt-1");
    expect(await pulumi.isSecret(release.digest)).toBe(false);
    expect(await promiseOf(release.version)).toBe("v1.0.0");
  });
});
