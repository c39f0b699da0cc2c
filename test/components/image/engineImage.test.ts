import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import * as pulumi from "@pulumi/pulumi";

import { SiteImage } from "../../../components/image/siteImage";
import type { SiteImageArgs } from "../../../components/image/siteImageArgs";
import { FakeEngine, promiseOf } from "../../support/engine";

const mockLoading = jest.fn();
jest.mock("@pulumi/docker", () => {
  mockLoading();
  return jest.requireActual<object>("@pulumi/docker");
});

const repository = "gitlab.example.com:5050/web/gatsby-site";
const login = { username: "writer", password: "gldt-1/+ü" };

const directory = "site";
const home = process.cwd();

let program: string;
let engine: FakeEngine;

beforeEach(async () => {
  program = fs.mkdtempSync(path.join(os.tmpdir(), "slipway-program-"));
  process.chdir(program);
  fs.mkdirSync("site");
  fs.writeFileSync(
    "site/Dockerfile",
    "ARG NODE_IMAGE\nFROM scratch\nRUN --mount=type=secret,id=NPM_TOKEN --mount=type=secret,id=LICENCE build\n",
  );
  engine = await FakeEngine.install();
});

afterEach(async () => {
  // What was begun before a constructor threw must not reach the next test's engine.
  await engine.settle();
  process.chdir(home);
  fs.rmSync(program, { recursive: true });
});

async function create(args: Partial<SiteImageArgs> = {}) {
  const image = new SiteImage("image", {
    repository,
    directory,
    builder: "engine",
    caCertificate: "",
    ...login,
    ...args,
  });
  await engine.settle();
  return image;
}

describe("SiteImage with the Docker engine", () => {
  it("loads the engine's package only when it is chosen", async () => {
    await create({ builder: "buildkit" });
    expect(mockLoading).not.toHaveBeenCalled();

    await create();
    expect(mockLoading).toHaveBeenCalledTimes(1);
  });

  it("builds and pushes through the engine", async () => {
    const image = await create({
      buildArgs: { NODE_IMAGE: "node:24" },
      target: "web",
      platforms: ["linux/arm64"],
    });
    const [tag] = await promiseOf(image.tags);

    const { inputs, parent, request } = engine.find("image", "docker:index/image:Image");
    expect(parent).toBe("image");
    expect(inputs).toMatchObject({
      imageName: `${repository}:${tag}`,
      build: {
        context: directory,
        dockerfile: `${directory}/Dockerfile`,
        args: { NODE_IMAGE: "node:24" },
        target: "web",
        platform: "linux/arm64",
        builderVersion: "BuilderBuildKit",
      },
    });
    expect(request.getRetainondelete()).toBe(true);
    expect(await promiseOf(image.digest)).toBe(`sha256:${"e".repeat(64)}`);
  });

  it("keeps the password secret", async () => {
    await create();
    expect(engine.clearText()).not.toContain("gldt-1");
  });

  it("refuses by name all that it can't do", () => {
    const build = () =>
      new SiteImage("image", {
        repository,
        directory,
        builder: "engine",
        buildSecrets: { NPM_TOKEN: "npm-1", LICENCE: "key-1" },
        cache: `${repository}/cache:layers`,
        platforms: ["linux/amd64", "linux/arm64"],
        ...login,
      });

    expect(build).toThrow(pulumi.ResourceError);
    expect(build).toThrow(
      [
        '`builder` is "engine", which can\'t do all that is asked of it. Use "buildkit", or leave out:',
        '  - `buildSecrets`: it can\'t hand "NPM_TOKEN" and "LICENCE" to a build',
        "  - `cache`: it keeps no layers in the registry",
        '  - `platforms`: it builds for one platform, not for "linux/amd64" and "linux/arm64"',
      ].join("\n"),
    );
    expect(engine.clearText()).not.toContain("npm-1");
  });

  it("says that its builds don't get the CA", async () => {
    const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue();
    const image = await create({ caCertificate: "PEM" });

    expect(warn).toHaveBeenCalledWith(
      '`builder` is "engine", which can\'t hand the CA of NODE_EXTRA_CA_CERTS to the build. Use "buildkit" if its downloads need it.',
      image,
    );
    warn.mockRestore();
  });
});
