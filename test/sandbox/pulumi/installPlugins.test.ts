import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { writeDynamicProvider } from "../../../sandbox/pulumi/installPlugins";

describe("the dynamic provider", () => {
  it("ends when the engine's end of its stdin closes, as the kernel does for a killed engine", async () => {
    const folder = mkdtempSync(join(tmpdir(), "dynamic-provider-"));
    const file = join(folder, "pulumi-resource-pulumi-nodejs");
    writeDynamicProvider(file);

    const plugin = spawn(file, ["127.0.0.1:1"], {
      cwd: resolve(__dirname, "../../.."),
      stdio: ["pipe", "pipe", "inherit"],
    });
    const ended = once(plugin, "exit");
    const [port] = (await once(plugin.stdout, "data")) as [Buffer];
    expect(port.toString()).toMatch(/^\d+/);
    plugin.stdin.end();

    expect(await ended).toEqual([0, null]);
    rmSync(folder, { recursive: true });
  });
});
