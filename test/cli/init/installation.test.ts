import { parse } from "yaml";

import { type Files, json, Shape, site } from "./support/shape";

let shape: Shape;

afterEach(() => shape.remove());

const npmLock = { "package-lock.json": "{}" };
const workspace = { "package.json": json({ private: true, workspaces: ["apps/*"] }) };

async function readInputs(): Promise<Record<string, string>> {
  await shape.init({ pipeline: undefined });
  const pipeline = parse(shape.read(".gitlab-ci.yml")) as {
    include: [{ local: string; inputs: Record<string, string> }];
  };
  expect(pipeline.include[0].local).toBe("/deploy/pipeline/slipway.yml");
  return pipeline.include[0].inputs;
}

/** What the Dockerfile runs to install the packages and to build the site, with the folders of a job. */
function readDockerfileCommands(file: string): string[] {
  return shape
    .readDockerfile(file)
    .flatMap((line) => [
      ...(/ with-env (?:with-webpack-cache )?(.*)/.exec(line)?.slice(1) ?? []),
      ...(/^ENV (PATH=\S+)/.exec(line)?.slice(1) ?? []),
      ...[...line.matchAll(/(?<=^ENV .*)\bYARN_\S+/g)].map(([variable]) => variable),
    ])
    .map((command) =>
      command
        .replace(/\/var\/cache\/(\w+)/, '"$slipway_cache/$1"')
        .replace("/opt/manager/bin:$PATH", '"$slipway_home/manager/bin:$PATH"')
        .replace("/opt/manager", '"$slipway_home/manager"'),
    );
}

describe("the job `build_website` installs and builds as the image does, with", () => {
  it.each<[string, Files, string]>([
    ["npm", { ...site(), ...npmLock }, "Dockerfile"],
    ["npm without a lock file", site(), "Dockerfile"],
    [
      "npm in a version of its own",
      { ...site(".", { packageManager: "npm@10.9.2" }), ...npmLock },
      "Dockerfile",
    ],
    ["a workspace", { ...site("apps/web"), ...npmLock, ...workspace }, "apps/web/Dockerfile"],
    ["Yarn 1", { ...site(), "yarn.lock": "# yarn lockfile v1\n" }, "Dockerfile"],
    ["Yarn 4", { ...site(), "yarn.lock": "__metadata:\n  version: 8\n" }, "Dockerfile"],
    [
      "pnpm, and without a script",
      { ...site(".", { scripts: {} }), "pnpm-lock.yaml": "lockfileVersion: '9.0'\n" },
      "Dockerfile",
    ],
  ])("%s", async (_, files, dockerfile) => {
    shape = new Shape(files);
    const { build, install, "site-image": image } = await readInputs();
    const job = [...install.replaceAll("export ", "").split("; "), build];
    expect(job.sort()).toEqual(readDockerfileCommands(dockerfile).sort());
    expect(shape.read(dockerfile)).toContain(`\nARG NODE_IMAGE=${image}\n`);
  });
});

describe("the pipeline's inputs", () => {
  it("name the folders of a workspace, and the lock file at its root", async () => {
    shape = new Shape({ ...site("apps/web"), ...npmLock, ...workspace });
    expect(await readInputs()).toMatchObject({
      program: "deploy",
      scripts: "node_modules/slipway/ci",
      site: "apps/web",
      packages: "../..",
      "lock-file": "package-lock.json",
    });
  });

  it("name the stacks that are not called as in the template", async () => {
    shape = new Shape(site());
    await shape.init({ pipeline: undefined, stacks: ["dev", "test", "live"] });
    expect(shape.read(".gitlab-ci.yml")).toMatch(
      / {6}staging-stack: test\n {6}production-stack: live\n$/,
    );
  });

  it.each([
    ["the site's own tests", "jest", { test: "pnpm test", "test-of": "site" }],
    ["a check of the program", "echo none && exit 1", { test: "node --check index.js" }],
  ])("run %s", async (_, test, inputs) => {
    shape = new Shape({
      ...site(".", { scripts: { build: "gatsby build", test } }),
      "pnpm-lock.yaml": "",
    });
    expect(await readInputs()).toMatchObject(inputs);
  });

  it("check the types of a program in TypeScript, as earlier versions wrote it, which gets no second entry", async () => {
    shape = new Shape({ ...site(), "deploy/index.ts": "export = createStack;\n" });
    const written = await shape.init({ pipeline: undefined });
    expect(written).toContain("deploy/Pulumi.yaml");
    expect(written).not.toContain("deploy/index.js");
    expect(shape.read(".gitlab-ci.yml")).toContain("      test: npx tsc --noEmit\n");
  });

  it.each([
    [
      "the one that its own Dockerfile builds with",
      "FROM --platform=x docker.io/library/node:20.1-bookworm AS b",
      "20",
    ],
    ["with bash, so not of Alpine", "FROM node:18-alpine", "18"],
  ])("name the image of Node %s", async (_, from, major) => {
    shape = new Shape({ ...site(), Dockerfile: `${from}\nFROM nginx\n` });
    expect(await readInputs()).toMatchObject({
      "site-image": `docker.io/library/node:${major}-bookworm-slim`,
    });
  });

  it("take the image of Node from a Dockerfile that `slipway init` wrote before", async () => {
    shape = new Shape(site());
    await shape.init();
    const pinned = `docker.io/library/node:22-bookworm@sha256:${"0".repeat(64)}`;
    const text = shape
      .read("Dockerfile")
      .replace(/^ARG NODE_IMAGE=.*/m, `ARG NODE_IMAGE=${pinned}`);
    shape.repository.write("Dockerfile", text);
    expect(await readInputs()).toMatchObject({ "site-image": pinned });
  });
});

describe("the copy of the pipeline", () => {
  const copy = "deploy/pipeline/slipway.yml";

  it("is the package's, with includes of its own folder", async () => {
    shape = new Shape(site());
    const written = await shape.init({ pipeline: undefined });
    expect(written.filter((file) => file.startsWith("deploy/pipeline/"))).toEqual([
      "deploy/pipeline/builder/buildkit.yml",
      "deploy/pipeline/builder/dind.yml",
      "deploy/pipeline/builder/remote.yml",
      "deploy/pipeline/scanner/gitlab.yml",
      "deploy/pipeline/scanner/grype.yml",
      "deploy/pipeline/scripts.yml",
      copy,
    ]);
    const locals = shape.read(copy).match(/local: .*/g) ?? [];
    expect(locals).toHaveLength(6);
    for (const local of locals) {
      expect(written).toContain(local.replace("local: /", ""));
    }
  });

  it("is replaced after an upgrade, unless someone made it their own", async () => {
    shape = new Shape(site());
    await shape.init({ pipeline: undefined });
    const text = shape.read(copy);
    shape.repository.commit();
    expect(await shape.init({ pipeline: undefined })).toEqual([""]);

    shape.repository.write(copy, text.replace(/version \S+/, "version 0.0.1"));
    shape.repository.write("deploy/pipeline/scripts.yml", "# Ours.\n");
    shape.repository.commit();
    expect(await shape.init({ pipeline: undefined })).toEqual([copy]);
    expect(shape.read(copy)).toBe(text);
  });

  it("is not written for other than three stacks", async () => {
    shape = new Shape(site());
    const written = await shape.init({ pipeline: undefined, stacks: ["dev", "prod"] });
    expect(written.join()).not.toMatch(/pipeline|gitlab-ci/);
    expect(shape.io.printed).toContain(
      "! Slipway's pipeline is for 3 stacks, and `--stacks` has 2: it is not included.",
    );
  });

  it("is there for the lines that a person has to add", async () => {
    shape = new Shape({ ...site(), ".gitlab-ci.yml": "test:\n  script: x\n" });
    expect(await shape.init({ pipeline: undefined })).toContain(copy);
    shape.repository.commit();
    await shape.init({ pipeline: undefined });
    expect(shape.io.printed.at(-1)).toMatch(
      /^Everything is there already: nothing to write\.\n {2}add to \.gitlab-ci\.yml:\n {4}include:\n/,
    );
  });
});
