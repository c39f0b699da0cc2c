import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import type { Catalogue } from "../../../sandbox/tools/plan";

/** A cache and a folder on PATH of a test's own; Go keeps its build cache, so that builds take no time. */
export interface Playground {
  readonly environment: NodeJS.ProcessEnv;
  readonly cache: string;
  /** Puts an executable script in front of PATH. */
  readonly addProgram: (name: string, script: string) => string;
  readonly remove: () => void;
}

export function createPlayground(): Playground {
  const root = mkdtempSync(join(tmpdir(), "slipway-tools-"));
  const bin = join(root, "bin");
  mkdirSync(bin);
  return {
    cache: join(root, "cache"),
    environment: {
      ...process.env,
      PATH: [bin, process.env["PATH"]].join(delimiter),
      SLIPWAY_CACHE: join(root, "cache"),
    },
    addProgram: (name, script) => {
      const file = join(bin, name);
      writeFileSync(file, `#!/bin/sh\n${script}\n`);
      chmodSync(file, 0o755);
      return file;
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** Small Go modules in place of the large ones. */
export const smallCatalogue: Catalogue = {
  folder: __dirname,
  pathRules: { hello: { versionArguments: ["--version"], range: ">=2.0.0 <3" } },
  sources: {
    hello: {
      kind: "go",
      version: "2.1.0",
      packages: { hello: "." },
      aliases: ["bonjour"],
      linkerFlags: "-X main.version=2.1.0",
      minutes: 0,
    },
    broken: { kind: "go", version: "1.0.0", packages: { broken: "." }, minutes: 0 },
  },
};
