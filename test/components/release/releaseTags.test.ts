import * as pulumi from "@pulumi/pulumi";

import { RegistryClient } from "../../../components/registry/registryClient";
import {
  findVersionProblem,
  ReleaseTags,
  type ReleaseTagsArgs,
} from "../../../components/release/releaseTags";
import { type Computed, FakeEngine, promiseOf, unknown } from "../../support/engine";
import { Gate } from "../../support/latch";
import { FakeRegistry } from "../../support/registry";

const repository = "gitlab.example.com:5050/web/gatsby-site";
const digest = `sha256:${"d".repeat(64)}`;
const other = `sha256:${"a".repeat(64)}`;
const login = { username: "writer", password: "gldt-1/+ü" };
const indexType = "docker-build:index:Index";

let engine: FakeEngine;
let registry: FakeRegistry;

beforeEach(async () => {
  engine = await FakeEngine.install();
  registry = FakeRegistry.install(repository, login);
});

afterEach(() => jest.restoreAllMocks());

async function create(args: Partial<ReleaseTagsArgs> = {}, name = "tags") {
  const tags = new ReleaseTags(name, {
    repository,
    digest,
    tags: { branch: "main", commit: "1ecfd275" },
    ...login,
    ...args,
  });
  await engine.settle();
  return tags;
}

describe("ReleaseTags", () => {
  it("makes one index of each kind, named by the kind, over the release's digest", async () => {
    await create({
      tags: {
        latest: "latest",
        previous: "previous-dev",
        environment: "env-dev",
        version: "v1.2.3",
        commit: "1ecfd275",
        branch: "main",
      },
    });

    expect(engine.tree()).toEqual([
      `${indexType} tags-branch < tags`,
      `${indexType} tags-commit < tags`,
      `${indexType} tags-environment < tags`,
      `${indexType} tags-latest < tags`,
      `${indexType} tags-previous < tags`,
      `${indexType} tags-version < tags`,
      "slipway:index:ReleaseTags tags < stack",
    ]);
    expect(engine.find("tags-environment").inputs).toEqual({
      tag: `${repository}:env-dev`,
      sources: [`${repository}@${digest}`],
      push: true,
      registry: {
        address: "gitlab.example.com:5050",
        username: "writer",
        password: { secret: login.password },
      },
    });
  });

  it("never deletes an index: that would take the image from all who run it", async () => {
    await create();

    for (const kind of ["branch", "commit"]) {
      expect(engine.find(`tags-${kind}`).request.getRetainondelete()).toBe(true);
    }
  });

  it("says what to run and how it is tagged, in the order of the kinds", async () => {
    const tags = await create({ tags: { environment: "env-dev", branch: "main" } });

    expect(await promiseOf(tags.reference)).toBe(`${repository}@${digest}`);
    expect(await promiseOf(tags.tags)).toEqual(["main", "env-dev"]);
  });

  it("says so only when every tag has moved", async () => {
    const gate = new Gate();
    const slow: Computed = {
      [indexType]: async (_, name) => {
        if (name === "tags-commit") await gate.pass();
        return {};
      },
    };
    engine = await FakeEngine.install({ computed: slow });
    const tags = { branch: "main", commit: "1ecfd275" };
    const made = new ReleaseTags("tags", { repository, digest, tags, ...login });
    let known = false;
    const reference = promiseOf(made.reference).then(() => (known = true));
    await gate.reached;
    expect(known).toBe(false);

    gate.open();
    await reference;
    await engine.settle();
  });

  it("lists tags from elsewhere first, each once, and warns of those that it can't have", async () => {
    const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue();
    const tags = await create({ existing: ["v1.2.3", "main"], problems: ["No branch tag."] });

    expect(await promiseOf(tags.tags)).toEqual(["v1.2.3", "main", "1ecfd275"]);
    expect(warn.mock.calls).toEqual([["No branch tag.", tags]]);
    warn.mockRestore();
  });

  it("tags nothing where no tag is wanted", async () => {
    const tags = await create({ tags: {} });

    expect(engine.tree()).toEqual(["slipway:index:ReleaseTags tags < stack"]);
    expect(await promiseOf(tags.reference)).toBe(`${repository}@${digest}`);
    expect(await promiseOf(tags.tags)).toEqual([]);
  });

  it("registers its public fields as outputs", async () => {
    await create();

    expect(engine.outputsOf("tags")).toEqual({
      reference: `${repository}@${digest}`,
      tags: ["main", "1ecfd275"],
    });
    expect(engine.find("tags", "slipway:index:ReleaseTags").inputs).toEqual({});
  });

  it("keeps the password secret, and nothing else", async () => {
    const tags = await create({ tags: { version: "v1.2.3" } });

    expect(engine.clearText()).not.toContain("gldt-1");
    expect(await pulumi.isSecret(tags.reference)).toBe(false);
    expect(await pulumi.isSecret(tags.tags)).toBe(false);
    expect(engine.find("tags-version").inputs.sources).toEqual([`${repository}@${digest}`]);
  });

  it("stands twice in one program", async () => {
    await create();
    await create({ repository: `${repository}/docs` }, "docs");

    expect(new Set(engine.tree()).size).toBe(6);
  });
});

describe("a version tag", () => {
  const tags = { branch: "main", version: "v1.2.3" };

  it.each([
    ["does not exist yet", {}],
    ["is this release's already", { "v1.2.3": digest }],
  ])("that %s is no obstacle", async (_, existing) => {
    registry.tags = existing;
    const made = await create({ tags });

    expect(await promiseOf(made.tags)).toEqual(["main", "v1.2.3"]);
    expect(engine.find("tags-version").inputs.tag).toBe(`${repository}:v1.2.3`);
  });

  it("that may be taken from another release is", async () => {
    registry.tags = { "v1.2.3": other };
    const made = await create({ tags, replaceVersion: `v1.2.3@${other}` });

    expect(await promiseOf(made.tags)).toEqual(["main", "v1.2.3"]);
  });

  it("is asked for before any tag moves", async () => {
    registry.gate = new Gate();
    const made = new ReleaseTags("tags", { repository, digest, tags, ...login });
    await Promise.all([registry.gate.reached, promiseOf(made.urn)]);
    expect(engine.tree()).toEqual(["slipway:index:ReleaseTags tags < stack"]);

    registry.gate.open();
    await promiseOf(made.reference);
    await engine.settle();
    expect(engine.tree()).toHaveLength(3);
  });

  it("is asked of no registry where there is none", async () => {
    await create();
    expect(registry.requests).toEqual([]);
  });
});

describe("ReleaseTags in a preview", () => {
  const tags = { branch: "main", version: "v1.2.3" };

  it("asks no registry, and needs no password to know the reference", async () => {
    engine = await FakeEngine.install({ preview: true });
    registry.tags = { "v1.2.3": other };
    const password = pulumi.secret(pulumi.unknown as unknown as string);
    await create({ tags, password });

    expect(registry.requests).toEqual([]);
    expect(engine.outputsOf("tags")).toEqual({
      reference: `${repository}@${digest}`,
      tags: ["main", "v1.2.3"],
    });
    // Without the mark of a secret, of which the plugin would make an empty text.
    expect(engine.find("tags-branch").inputs.registry).toMatchObject({ password: unknown });
  });

  it("keeps a password secret that it knows", async () => {
    engine = await FakeEngine.install({ preview: true });
    await create({ tags, password: pulumi.secret("glpat-known") });

    const { registry: login } = engine.find("tags-branch").inputs;
    expect(login).toMatchObject({ password: { secret: "glpat-known" } });
  });

  it("knows the reference of a release whose tags will move", async () => {
    engine = await FakeEngine.install({
      preview: true,
      computed: { [indexType]: () => ({ ref: pulumi.unknown }) },
    });
    await create();

    expect(engine.outputsOf("tags")).toMatchObject({ reference: `${repository}@${digest}` });
  });

  it("does not know the reference of what is not built yet", async () => {
    engine = await FakeEngine.install({ preview: true });
    await create({ digest: pulumi.output(pulumi.unknown as unknown as string) });

    expect(engine.outputsOf("tags")).toEqual({ reference: unknown, tags: ["main", "1ecfd275"] });
    expect(engine.find("tags-branch").inputs).toMatchObject({
      tag: `${repository}:main`,
      sources: [unknown],
    });
  });
});

describe("findVersionProblem", () => {
  function find(permitted?: string): Promise<string | undefined> {
    return findVersionProblem(new RegistryClient(repository, login), "v1.2.3", digest, permitted);
  }

  it.each<[string, Record<string, string>]>([
    ["does not exist yet", {}],
    ["is this release's already", { "v1.2.3": digest }],
  ])("lets a version be that %s", async (_, existing) => {
    registry.tags = existing;
    expect(await find()).toBeUndefined();
  });

  it("names both digests and the remedies where a version is another release's", async () => {
    registry.tags = { "v1.2.3": other };
    expect(await find()).toBe(
      `\`${repository}:v1.2.3\` is ${other} already, and this update has ${digest}: nothing was tagged. A version stays what it was released as. Tag the commit with a new version, or, if this is the same version on patched base images, let it replace that one:
    pulumi config set replaceVersion v1.2.3@${other}`,
    );
  });

  it("lets it be taken from the release that the configuration names", async () => {
    registry.tags = { "v1.2.3": other };
    expect(await find(`v1.2.3@${other}`)).toBeUndefined();
  });

  it.each([
    ["another version", `v1.2.4@${other}`],
    ["a release that it no longer is", `v1.2.3@sha256:${"b".repeat(64)}`],
    ["the version alone", "v1.2.3"],
  ])("does not give it up for %s", async (_, permitted) => {
    registry.tags = { "v1.2.3": other };
    expect(await find(permitted)).toContain("A version stays what it was released as.");
  });

  it("says why it can't tell, and no credential", async () => {
    registry.failWith = 403;
    const problem = await find();

    expect(problem).toBe(
      `Whether \`${repository}:v1.2.3\` exists is unknown, so nothing was tagged. Request failed with status code 403: HEAD https://gitlab.example.com:5050/v2/web/gatsby-site/manifests/v1.2.3.`,
    );
  });
});
