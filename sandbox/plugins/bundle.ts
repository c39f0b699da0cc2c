import { createHash } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";

import { build } from "esbuild";

const PROJECT = path.join(__dirname, "../..");
const KEY_LENGTH = 12;

/**
 * Bundles a stand-in into one file of a folder and returns its path. A plugin starts with every preview, and one file
 * loads several times faster than its modules. The file's name contains a digest of its sources, so it is made only
 * once.
 */
export async function bundlePlugin(name: string, folder: string): Promise<string> {
  const file = path.join(folder, `pulumi-resource-${name}-${await computeKey()}.cjs`);
  const exists = await fs.access(file).then(
    () => true,
    () => false,
  );
  if (!exists) {
    await fs.mkdir(folder, { recursive: true });
    // Two runs at the same time must not see each other's incomplete file.
    const unfinished = `${file}.${String(process.pid)}`;
    await build({
      entryPoints: [path.join(__dirname, name, "main.ts")],
      outfile: unfinished,
      bundle: true,
      format: "cjs",
      platform: "node",
      target: "node22",
      minify: true,
      keepNames: true,
      legalComments: "none",
      logLevel: "error",
    });
    await fs.rename(unfinished, file);
  }
  return file;
}

/** Writes the executable with which the engine starts a bundled plugin, on the same Node as this process. */
export async function writeLauncher(file: string, bundle: string): Promise<void> {
  await fs.mkdir(path.dirname(file), { recursive: true });
  // The official plugins are compiled programs, so Node keeps what it compiles of these.
  const cache = `NODE_COMPILE_CACHE=${quote(path.join(path.dirname(bundle), "compiled"))}`;
  const script = `#!/bin/sh\n${cache} exec ${quote(process.execPath)} ${quote(bundle)} "$@"\n`;
  await fs.writeFile(`${file}.${String(process.pid)}`, script, { mode: 0o755 });
  await fs.rename(`${file}.${String(process.pid)}`, file);
}

/** Computes a digest of the plugins' own code and of the versions of all packages. */
async function computeKey(): Promise<string> {
  const entries = await fs.readdir(__dirname, { recursive: true });
  const sources = entries.filter((entry) => entry.endsWith(".ts")).sort();
  const files = [
    ...sources.map((entry) => path.join(__dirname, entry)),
    path.join(PROJECT, "package-lock.json"),
  ];
  const hash = createHash("sha256");
  for (const content of await Promise.all(files.map((file) => fs.readFile(file)))) {
    hash.update(content).update("\0");
  }
  return hash.digest("hex").slice(0, KEY_LENGTH);
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
