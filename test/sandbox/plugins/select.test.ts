import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { writeLauncher } from "../../../sandbox/plugins/bundle";
import { selectPlugin } from "../../../sandbox/plugins/select";
import type { SelectOptions } from "../../../sandbox/plugins/select";

const HOUR_MS = 60 * 60 * 1000;

describe("selectPlugin", () => {
  let folder: string;
  let options: SelectOptions;
  let installs: number;

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "select-plugin-"));
    installs = 0;
    options = {
      name: "gitlab",
      version: "10.1.1",
      path: path.join(folder, "path"),
      pulumiHome: path.join(folder, "home"),
      pulumi: "unused",
      cacheDirectory: path.join(folder, "cache"),
      environment: {},
      now: 0,
      install: () => {
        installs += 1;
        return Promise.reject(new Error("no network"));
      },
    };
  });

  afterEach(() => fs.rmSync(folder, { recursive: true }));

  const officialFile = () =>
    path.join(options.pulumiHome, "plugins/resource-gitlab-v10.1.1/pulumi-resource-gitlab");

  it("takes the plugin on PATH, even where a stand-in was made before", async () => {
    await selectPlugin(options);
    const own = writeExecutable(path.join(options.path, "pulumi-resource-gitlab"));

    expect(await selectPlugin(options)).toEqual({ name: "gitlab", source: "PATH", path: own });
    expect(installs).toBe(1);
  });

  it("does not take its own stand-in for an installed plugin", async () => {
    await selectPlugin(options);

    expect(await selectPlugin(options)).toMatchObject({ source: "stand-in" });
    expect(fs.existsSync(officialFile())).toBe(true);
  });

  it("makes room for a download, which leaves alone what is there", async () => {
    await selectPlugin(options);
    const install = () => {
      expect(fs.existsSync(path.dirname(officialFile()))).toBe(false);
      writeExecutable(officialFile());
      return Promise.resolve();
    };

    const found = await selectPlugin({ ...options, install, now: 25 * HOUR_MS });
    expect(found).toMatchObject({ source: "installed" });
  });

  it("passes over a file on PATH that can't be executed", async () => {
    writeExecutable(path.join(options.path, "pulumi-resource-gitlab"), 0o644);

    expect(await selectPlugin(options)).toMatchObject({ source: "stand-in" });
  });

  it("takes the plugin that is installed, without a download", async () => {
    const official = writeExecutable(officialFile());

    expect(await selectPlugin(options)).toEqual({
      name: "gitlab",
      source: "installed",
      path: official,
    });
    expect(installs).toBe(0);
  });

  it("takes the plugin that it could download", async () => {
    const install = () => {
      writeExecutable(officialFile());
      return Promise.resolve();
    };

    expect(await selectPlugin({ ...options, install })).toMatchObject({ source: "installed" });
  });

  it("makes a stand-in otherwise, and tries the download again a day later", async () => {
    expect(await selectPlugin(options)).toEqual({
      name: "gitlab",
      source: "stand-in",
      path: officialFile(),
    });
    await selectPlugin({ ...options, now: 23 * HOUR_MS });
    expect(installs).toBe(1);

    await selectPlugin({ ...options, now: 25 * HOUR_MS });
    expect(installs).toBe(2);
  });

  it("bundles once", async () => {
    await selectPlugin(options);
    const made = bundles();
    const [before] = made.map((file) => fs.statSync(file).mtimeMs);
    await selectPlugin(options);

    expect(bundles()).toEqual(made);
    expect(made.map((file) => fs.statSync(file).mtimeMs)).toEqual([before]);
  });

  it.each(["gitlab", "kubernetes"])("makes a %s plugin that ends with the engine", async (name) => {
    const { path: file } = await selectPlugin({ ...options, name });

    const plugin = spawn(file, ["127.0.0.1:1"], { env: {}, stdio: ["pipe", "pipe", "inherit"] });
    const ended = once(plugin, "exit");
    const [port] = (await once(plugin.stdout, "data")) as [Buffer];
    expect(port.toString()).toMatch(/^\d+\n$/);
    plugin.stdin.end();

    expect(await ended).toEqual([0, null]);
  });

  const bundles = () =>
    fs
      .readdirSync(options.cacheDirectory)
      .filter((file) => file.endsWith(".cjs"))
      .map((file) => path.join(options.cacheDirectory, file));
});

describe("the executable of a stand-in", () => {
  it("names no interpreter that has to be found", async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "select plugin's-"));
    fs.writeFileSync(path.join(folder, "it's.cjs"), "console.log(process.argv.slice(2).join())");
    await writeLauncher(path.join(folder, "launcher"), path.join(folder, "it's.cjs"));

    const output = execFileSync(path.join(folder, "launcher"), ["a b", "c"], { env: { PATH: "" } });

    expect(output.toString()).toBe("a b,c\n");
    fs.rmSync(folder, { recursive: true });
  });
});

function writeExecutable(file: string, mode = 0o755): string {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, "#!/bin/sh\n", { mode });
  return file;
}
