import * as fs from "node:fs";

import { readContentVersion } from "../../../components/image/contentVersion";
import { promiseOf } from "../../support/engine";
import { createImage, imageType, inImageProgram } from "../../support/siteImage";

describe("readContentVersion", () => {
  it("reads the environment's", () => {
    const version = "2026-11-28T12:00:00.000Z";
    expect(readContentVersion({ SLIPWAY_CONTENT_VERSION: version })).toBe(version);
    expect(readContentVersion({ SLIPWAY_CONTENT_VERSION: "" })).toBeUndefined();
    expect(readContentVersion({})).toBeUndefined();
  });

  it("refuses what is no version", () => {
    expect(() => readContentVersion({ SLIPWAY_CONTENT_VERSION: "a b" })).toThrow(
      '`SLIPWAY_CONTENT_VERSION` is "a b". Use up to 64 letters, digits and `_.:+-`, such as a time.',
    );
  });
});

describe("SiteImage with content from elsewhere", () => {
  const program = inImageProgram();
  const write = (...lines: string[]): void =>
    fs.writeFileSync("site/Dockerfile", ["FROM scratch", ...lines, ""].join("\n"));
  const build = async (args: object, name: string) => {
    const image = await createImage(program, args, name);
    const { buildArgs } = program.engine.find(name, imageType).inputs;
    const [tag] = await promiseOf(image.tags);
    return { tag, buildArgs, version: await promiseOf(image.contentVersion) };
  };

  it("has another tag for another version, and the same one as long as that stays", async () => {
    write("ARG CONTENT_VERSION");
    const none = await build({}, "none");
    const first = await build({ contentVersion: "1" }, "first");
    const kept = await build({ lastContentVersion: "1" }, "kept");
    const second = await build({ contentVersion: "2", lastContentVersion: "1" }, "second");

    expect(none.version).toBe("");
    expect(none.buildArgs).not.toHaveProperty("CONTENT_VERSION");
    expect(first).toMatchObject({ version: "1", buildArgs: { CONTENT_VERSION: "1" } });
    expect(kept).toEqual(first);
    expect(second.version).toBe("2");
    expect(new Set([none.tag, first.tag, second.tag]).size).toBe(3);
  });

  it("gives it to the build in Slipway's Dockerfile", async () => {
    write("ARG BUILD_ENV");
    expect(await build({ contentVersion: "1" }, "image")).toMatchObject({
      buildArgs: { BUILD_ENV: "CONTENT_VERSION='1'\n" },
    });
  });

  it("refuses a new version in a Dockerfile that does not name it, and forgets an older one", async () => {
    write();
    await expect(createImage(program, { contentVersion: "1" })).rejects.toThrow(
      "The version of the content is the build argument `CONTENT_VERSION`, which `site/Dockerfile` does not name, so that it would change nothing. Add `ARG CONTENT_VERSION` before the step that builds the site.",
    );
    expect(await build({ lastContentVersion: "1" }, "later")).toMatchObject({ version: "" });
  });
});
