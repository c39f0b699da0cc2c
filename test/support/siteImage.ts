import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { SiteImage } from "../../components/image/siteImage";
import type { SiteImageArgs } from "../../components/image/siteImageArgs";
import { FakeEngine } from "./engine";
import { leavePipeline } from "./pipeline";

export const repository = "gitlab.example.com:5050/web/gatsby-site";

/** Digest of every image that the fake engine builds. */
export const digest = `sha256:${"d".repeat(64)}`;
export const imageType = "docker-build:index:Image";
export const login = { username: "writer", password: "gldt-1/+ü" };

/** Folder of the site, relative to the program. */
export const directory = "site";

/** The engine of the running test, and the folder of its program. */
export interface ImageProgram {
  engine: FakeEngine;
  folder: string;
}

/** Runs the tests of a file in a folder with the smallest site, each with its own engine. */
export function inImageProgram(): ImageProgram {
  const home = process.cwd();
  const program = { folder: "" } as ImageProgram;

  beforeEach(async () => {
    leavePipeline();
    // Paths are relative to the program.
    program.folder = fs.mkdtempSync(path.join(os.tmpdir(), "slipway-program-"));
    process.chdir(program.folder);
    fs.mkdirSync(directory);
    fs.writeFileSync(
      "site/Dockerfile",
      "ARG NODE_IMAGE\nFROM scratch\nARG OUTPUT_DIRECTORY\nRUN --mount=type=secret,id=NPM_TOKEN build\n",
    );
    program.engine = await FakeEngine.install();
  });

  afterEach(async () => {
    // Work that began before a constructor threw must not reach the next test's engine.
    await program.engine.settle();
    jest.restoreAllMocks();
    process.chdir(home);
    fs.rmSync(program.folder, { recursive: true });
  });

  return program;
}

/** Creates an image of the program's site, and waits until it is registered. */
export async function createImage(
  { engine }: ImageProgram,
  args: Partial<SiteImageArgs> = {},
  name = "image",
): Promise<SiteImage> {
  const image = new SiteImage(name, {
    repository,
    directory,
    caCertificate: "",
    ...login,
    ...args,
  });
  await engine.settle();
  return image;
}
