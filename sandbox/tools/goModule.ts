import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";

import { runLogged } from "./command";
import { computeKey, readModule } from "./key";
import type { BuildContext, Progress } from "./tool";
import type { GoSource } from "./catalogue";

/** Cache key of a Go source on this machine. */
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
 * Builds the programs of a module into the `bin` folder of the target. Go caches each compiled package, so an
 * interrupted build continues after the last one.
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
            // Paths of compiled packages are alone on their line; all other lines have several words.
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

// The whole environment is set: a user's own Go settings would change the result and the cached packages.
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

/** Formats a duration as minutes and seconds. */
function formatElapsed(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  const rest = `${seconds % 60} s`;
  return seconds < 60 ? rest : `${Math.floor(seconds / 60)} min ${rest}`;
}
