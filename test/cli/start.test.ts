import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";

import { transformSync } from "@swc/core";

const repository = join(__dirname, "..", "..");
let folder: string;

beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "slipway-start-"))));
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs the command as a process of its own, and lists which of our files and which packages it loaded. */
function run(...args: string[]) {
  const list = join(folder, "modules.json");
  const preload = join(__dirname, "support", "listModules.js");
  const { status } = spawnSync(
    process.execPath,
    ["--require", preload, join(repository, "cli", "slipway.js"), ...args],
    { env: { ...process.env, LIST_MODULES: list } },
  );
  const modules = (JSON.parse(readFileSync(list, "utf8")) as string[]).filter(
    (file) => file !== preload,
  );
  const packages = modules
    .map((file) => /^.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1])
    .filter((name) => name !== undefined);
  return {
    status,
    files: modules
      .filter((file) => !file.includes("/node_modules/"))
      .map((file) => relative(repository, file))
      .sort(),
    packages: [...new Set(packages)].sort(),
  };
}

// The loader of TypeScript, which only a checkout has.
const loader = ["esbuild", "tsx"];

describe("the start of slipway", () => {
  it.each([
    ["help", ["--help"], 0],
    ["a command's help", ["promote", "--help"], 0],
    ["its version", ["--version"], 0],
    ["a wrong option", ["up", "--wrong"], 2],
    ["an unknown command", ["demote"], 2],
  ])("loads no command, and no package but commander, for %s", (_for, args, status) => {
    const { files, ...others } = run(...args);
    expect(others).toEqual({ status, packages: ["commander", ...loader] });
    // Besides the command line itself only what starts other programs.
    expect(
      files.filter((file) => !/^cli\/(\w+\.\w+|(commandLine|process)\/.*)$/.test(file)),
    ).toEqual([]);
    expect(files.length).toBeLessThan(20);
  });

  it.each([
    ["adopt", "dev"],
    ["cleanup"],
    ["doctor", "dev"],
    ["env"],
    ["init"],
    ["manifests", "dev"],
    ["promote", "dev", "staging"],
    ["rollback", "dev"],
    ["rotate", "dev"],
    ["status"],
    ["tokens", "dev"],
    ["up", "dev"],
  ])("loads nothing of Pulumi's SDKs, which the program alone needs, for %s", (...args) => {
    const { files, packages } = run(...args, "--cwd", folder);
    expect(files).toContain(`cli/commands/${args[0]}.ts`);
    expect(packages.filter((name) => /^@(pulumi|grpc|npmcli)\//.test(name))).toEqual([]);
  });

  it("loads the command that runs, and no other", () => {
    const { files } = run("redact");
    expect(files.filter((file) => file.startsWith("cli/commands/"))).toEqual([
      "cli/commands/redact.ts",
    ]);
  });

  it.each([
    ["v20.19.5", false],
    ["v22.18.0", false],
    ["v22.19.0", true],
    ["v26.0.0", true],
  ])("says in one sentence which Node it needs: %s", (version, isEnough) => {
    const preload = join(folder, "version.js");
    writeFileSync(
      preload,
      `Object.defineProperty(process.versions, "node", { value: "${version.slice(1)}" });`,
    );
    const command = join(repository, "cli", "slipway.js");
    const { status, stderr } = spawnSync(
      process.execPath,
      ["--require", preload, command, "--version"],
      { encoding: "utf8" },
    );
    const refusal = `error: slipway needs Node 22.19 or newer, and this is Node ${version.slice(1)} (${process.execPath}). Install a newer one, or put it first on PATH; for the sandbox of a checkout: eval "$(make -s env)".\n`;
    expect({ status, stderr }).toEqual(
      isEnough ? { status: 0, stderr: "" } : { status: 1, stderr: refusal },
    );
  });

  it.each([
    [{ HOME: "/nowhere/home" }, "/nowhere/home/.cache/slipway/compiled"],
    [
      { HOME: "/nowhere/home", XDG_CACHE_HOME: "/nowhere/caches" },
      "/nowhere/caches/slipway/compiled",
    ],
    [{ NODE_COMPILE_CACHE: "/nowhere/cache" }, "/nowhere/cache"],
    // A user without a home, as in some containers.
    [{ HOME: "" }, ""],
  ])("lets Pulumi's programs keep what they compiled: %j", (variables, expected) => {
    writeFileSync(join(folder, "Pulumi.yaml"), "name: site\nruntime: nodejs\n");
    const found = join(folder, "found");
    const pulumi = `#!/bin/sh\nprintf %s "$NODE_COMPILE_CACHE" > '${found}'\nexit 1\n`;
    writeFileSync(join(folder, "pulumi"), pulumi, { mode: 0o755 });
    const env = { ...process.env, PATH: `${folder}:${process.env["PATH"]}` };
    for (const name of ["NODE_COMPILE_CACHE", "XDG_CACHE_HOME"]) {
      delete (env as NodeJS.ProcessEnv)[name];
    }
    const command = [join(repository, "cli", "slipway.js"), "up", "dev"];
    spawnSync(process.execPath, command, { cwd: folder, env: { ...env, ...variables } });
    expect(readFileSync(found, "utf8")).toBe(expected);
  });

  it("can be parsed by an old Node", () => {
    const text = readFileSync(join(repository, "cli", "slipway.js"), "utf8");
    expect(transformSync(text, { jsc: { target: "es2015" } }).code).toBe(
      transformSync(text, { jsc: { target: "esnext" } }).code,
    );
  });

  it("succeeds although nothing reads its output", () => {
    const command = `'${process.execPath}' '${join(repository, "cli", "slipway.js")}' --help | true`;
    const { status, stderr } = spawnSync("bash", ["-o", "pipefail", "-c", command], {
      encoding: "utf8",
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });
});
