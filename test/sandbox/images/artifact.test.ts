import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { makeArtifact } from "../../../sandbox/images/artifact";

describe("makeArtifact", () => {
  let parent: string;

  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), "artifact-"));
  });

  afterEach(() => {
    rmSync(parent, { recursive: true });
  });

  const fill = (folder: string): Promise<void> => {
    writeFileSync(join(folder, "file"), "complete");
    return Promise.resolve();
  };

  it("fills the folder once", async () => {
    const folder = await makeArtifact(parent, "debian", fill);
    await makeArtifact(parent, "debian", () => Promise.reject(new Error("asked again")));

    expect(folder).toBe(join(parent, "debian"));
    expect(readdirSync(parent)).toEqual(["debian"]);
    expect(readdirSync(folder)).toEqual(["file"]);
  });

  it("leaves nothing under the name when filling fails", async () => {
    const failed = makeArtifact(parent, "debian", (folder) => {
      writeFileSync(join(folder, "half"), "");
      return Promise.reject(new Error("no space left"));
    });

    await expect(failed).rejects.toThrow("no space left");
    expect(existsSync(join(parent, "debian"))).toBe(false);
  });

  it("removes what ended runs left, and leaves a running one's alone", async () => {
    const running = `partial-${process.ppid}-debian`;
    mkdirSync(join(parent, running));
    // No process has the highest number: the kernel's limit is below it.
    mkdirSync(join(parent, "partial-4194305-debian", "rootfs"), { recursive: true });

    await makeArtifact(parent, "debian", fill);

    expect(readdirSync(parent).sort()).toEqual(["debian", running]);
  });

  it("takes what another run finished in the meantime", async () => {
    const folder = await makeArtifact(parent, "debian", async (mine) => {
      await fill(mine);
      mkdirSync(join(parent, "debian"));
      writeFileSync(join(parent, "debian", "theirs"), "");
    });

    expect(readdirSync(folder)).toEqual(["theirs"]);
    expect(readdirSync(parent)).toEqual(["debian"]);
  });
});
