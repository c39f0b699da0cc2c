import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

import { cacheFolder, fillOnce } from "../../../sandbox/tools/cache";

const run = promisify(execFile);
const version = "13.5.0";

/** Categories of Lighthouse. Performance is left out: it depends on the machine. */
const categories = ["accessibility", "best-practices", "seo"] as const;

interface Report {
  readonly categories: Readonly<
    Record<
      (typeof categories)[number],
      { readonly score: number; readonly auditRefs: readonly { id: string; weight: number }[] }
    >
  >;
  readonly audits: Readonly<Record<string, { readonly score: number | null }>>;
}

/** What Lighthouse thinks of a page. */
export interface Opinion {
  /** By category, from 0 to 1. */
  readonly scores: Readonly<Record<string, number>>;
  /** Audits that took something from a score. */
  readonly failed: readonly string[];
}

/**
 * Asks Lighthouse, which is installed once into the cache of the sandbox's programs, about a page.
 *
 * @param port of a browser's DevTools protocol
 * @param skipped audits that don't count
 */
export async function askLighthouse(
  url: string,
  port: number,
  skipped: readonly string[] = [],
): Promise<Opinion> {
  const folder = join(cacheFolder(process.env), "npm", `lighthouse-${version}`);
  await fillOnce(
    folder,
    async (partial) => {
      const install = ["install", "--prefix", partial, "--no-audit", "--no-fund"];
      await run("npm", [...install, "--ignore-scripts", `lighthouse@${version}`]);
    },
    () => undefined,
  );
  const { stdout } = await run(
    process.execPath,
    [
      join(folder, "node_modules", "lighthouse", "cli", "index.js"),
      ...[url, "--port", String(port), "--output", "json", "--quiet"],
      `--only-categories=${categories.join(",")}`,
      ...(skipped.length > 0 ? [`--skip-audits=${skipped.join(",")}`] : []),
    ],
    { maxBuffer: 64 * 1024 * 1024 },
  );
  const report = JSON.parse(stdout) as Report;
  const counted = categories.flatMap((name) => report.categories[name].auditRefs);
  return {
    scores: Object.fromEntries(categories.map((name) => [name, report.categories[name].score])),
    failed: counted
      .filter(({ id, weight }) => weight > 0 && (report.audits[id].score ?? 1) < 1)
      .map(({ id }) => id),
  };
}
