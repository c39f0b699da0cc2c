import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../host/run";

/** Name of the sandbox's pause image, which is imported into containerd and never pulled. */
export const pauseImage = "slipway.test/pause:1";

/**
 * Packs the pause program as an image, in the format of `docker save`. The image has only this program, which holds a
 * pod's namespaces.
 *
 * @returns path of the archive
 */
export async function packPauseImage(folder: string, program: string): Promise<string> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  copyFileSync(program, join(folder, "pause"));
  await run("tar", ["--create", "--file", "layer.tar", "--owner=0", "--group=0", "pause"], {
    cwd: folder,
  });

  const layer = createHash("sha256")
    .update(readFileSync(join(folder, "layer.tar")))
    .digest("hex");
  const config = {
    architecture: process.arch === "arm64" ? "arm64" : "amd64",
    os: "linux",
    config: { Entrypoint: ["/pause"], User: "65535:65535" },
    rootfs: { type: "layers", diff_ids: [`sha256:${layer}`] },
  };
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
  writeFileSync(
    join(folder, "manifest.json"),
    JSON.stringify([{ Config: "config.json", RepoTags: [pauseImage], Layers: ["layer.tar"] }]),
  );
  await run(
    "tar",
    ["--create", "--file", "pause.tar", "manifest.json", "config.json", "layer.tar"],
    {
      cwd: folder,
    },
  );
  return join(folder, "pause.tar");
}
