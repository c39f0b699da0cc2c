import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";

import { runLogged } from "./command";
import { computeKey, readModule } from "./key";
import type { BuildContext, Progress } from "./tool";
import type { GoSource } from "./catalogue";

/** Key of what a Go source builds here. */
export function computeGoKey(folder: string, source: GoSource): string {
  return computeKey(
    readModule(folder),
    source.packages,
    source.aliases,
    flagsOf(source),
    process.arch,
  );
}

/**
 * Builds the programs of a module into the `bin` folder of the target. Go keeps each package it has compiled:
 * a build that was interrupted goes on behind the last one.
 *
 * @returns the version
 */
export async function buildGoModule(
  name: string,
  source: GoSource,
  { environment, folder, log, target }: BuildContext,
  progress: Progress,
): Promise<string> {
  const bin = join(target, "bin");
  await mkdir(bin);
  const started = Date.now();
  let compiled = 0;
  let last = "";
  const report = (): void => {
    progress(`${formatElapsed(Date.now() - started)}, ${compiled} packages compiled${last}`);
  };
  const ticker = setInterval(report, 1000);
  try {
    for (const [program, path] of Object.entries(source.packages)) {
      await runLogged(
        {
          command: ["go", "build", "-v", ...flagsOf(source), "-o", join(bin, program), path],
          cwd: folder,
          environment: { ...environment, ...goEnvironment },
          log,
          onLine: (line) => {
            // The paths of compiled packages stand alone; all else has words.
            if (/^[\w.\-/~]+$/.test(line)) compiled += 1;
            last = `, last line: ${line}`;
          },
        },
        `Building \`${name}\` ${source.version} (Go module ${folder})`,
        "Fix that and run the same command again: what has been compiled is kept.",
      );
    }
  } finally {
    clearInterval(ticker);
  }
  const [first] = Object.keys(source.packages);
  for (const alias of source.aliases ?? []) await symlink(first ?? "", join(bin, alias));
  return source.version;
}

// Set as a whole: what a person's machine sets for Go would change what is built and its cached packages.
const goEnvironment = {
  CGO_ENABLED: "0",
  GOFLAGS: "-buildvcs=false",
  GOTOOLCHAIN: "local",
  GOWORK: "off",
};

function flagsOf(source: GoSource): string[] {
  const linkerFlags = ["-s -w", source.linkerFlags].filter(Boolean).join(" ");
  return ["-trimpath", "-buildvcs=false", "-ldflags", linkerFlags];
}

/** Minutes and seconds. */
function formatElapsed(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  const rest = `${seconds % 60} s`;
  return seconds < 60 ? rest : `${Math.floor(seconds / 60)} min ${rest}`;
}
