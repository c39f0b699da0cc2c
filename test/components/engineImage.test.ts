import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import * as pulumi from "@pulumi/pulumi";

import { SiteImage, type SiteImageArgs } from "../../components/siteImage";
import { FakeEngine, promiseOf } from "../support/engine";

const mockLoading = jest.fn();
jest.mock("@pulumi/docker", () => {
  mockLoading();
  return jest.requireActual<object>("@pulumi/docker");
});

const repository = "gitlab.example.com:5050/web/gatsby-site";
const login = { username: "writer", password: "gldt-1/+ü" };

let directory: string;
let engine: FakeEngine;

beforeEach(async () => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), "slipway-site-"));
  fs.writeFileSync(path.join(directory, "Dockerfile"), "FROM scratch\n");
  engine = await FakeEngine.install();
});

afterEach(() => fs.rmSync(directory, { recursive: true }));

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
    const image = await create({ buildArgs: { NODE_IMAGE: "node:24" } });
    const [tag] = await promiseOf(image.tags);

    const { inputs, parent, request } = engine.find("image", "docker:index/image:Image");
    expect(parent).toBe("image");
    expect(inputs).toMatchObject({
      imageName: `${repository}:${tag}`,
      build: {
        context: directory,
        dockerfile: `${directory}/Dockerfile`,
        args: { NODE_IMAGE: "node:24" },
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
