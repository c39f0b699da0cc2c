import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { checkout } from "./e2e/support/checkout";

/** Counts of one step; a program that only succeeds or fails counts as one test. */
interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

const results = join(__dirname, "..", "test-results");
const bin = (name: string): string => join(__dirname, "..", "node_modules", ".bin", name);

function check(title: string, program: string, ...args: string[]): Counts {
  const ok = runStep(title, program, args);
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
}

function jest(title: string, ...args: string[]): Counts {
  const file = join(results, `${title.replaceAll(" ", "-")}.json`);
  const ok = runStep(title, bin("jest"), ["--ci", "--json", `--outputFile=${file}`, ...args]);
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 };

  const report = JSON.parse(readFileSync(file, "utf8")) as {
    numPassedTests: number;
    numFailedTests: number;
    numPendingTests: number;
    numRuntimeErrorTestSuites: number;
  };
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  return {
    passed: report.numPassedTests,
    // Jest can fail with no test failed, as when too little is covered.
    failed: ok ? failed : Math.max(failed, 1),
    skipped: report.numPendingTests,
  };
}

function runStep(title: string, program: string, args: readonly string[]): boolean {
  console.log(`\n=== ${title}`);
  const started = Date.now();
  const { status } = spawnSync(program, args, { stdio: ["ignore", "inherit", "inherit"] });
  const seconds = Math.round((Date.now() - started) / 1000);
  console.log(`=== ${title}: ${status === 0 ? "passed" : "FAILED"} in ${seconds} s`);
  return status === 0;
}

function main(): void {
  rmSync(results, { recursive: true, force: true });
  mkdirSync(results, { recursive: true });
  // Its files are long and mostly wait: two side by side take half of the time, even on two cores.
  const steps = process.argv.includes("--soak")
    ? [(): Counts => jest("soak", "--selectProjects", "soak", "--maxWorkers=2")]
    : [
        (): Counts => check("format", bin("prettier"), "--check", "."),
        (): Counts => check("lint", bin("eslint"), "."),
        (): Counts => check("types", bin("tsc"), "--noEmit"),
        (): Counts =>
          check("imports", bin("depcruise"), ".", "--config", ".dependency-cruiser.cjs"),
        (): Counts => check("unused exports and packages", bin("knip")),
        (): Counts =>
          // Jest leaves a core free for a person; of two that is half of the machine.
          jest("unit and contract", "--selectProjects", "unit", "--coverage", "--maxWorkers=100%"),
        (): Counts => jest("end to end", "--selectProjects", "e2e", "--runInBand"),
      ];

  const total: Counts = { passed: 0, failed: 0, skipped: 0 };
  for (const step of steps) {
    const counts = step();
    total.passed += counts.passed;
    total.failed += counts.failed;
    total.skipped += counts.skipped;
  }
  // The last test of a sandbox does this too, unless one before it broke off.
  for (const sandbox of [checkout, `${checkout}-2`]) {
    if (!existsSync(join(sandbox, "Makefile"))) continue;
    const env = { ...process.env, SLIPWAY_SANDBOX: "test" };
    spawnSync("make", ["down"], { cwd: sandbox, env, stdio: "ignore" });
  }

  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : "";
  const summary = `${total.passed} passed, ${total.failed} failed${skipped}`;
  writeFileSync(join(results, "summary.txt"), `${summary}\n`);
  console.log(summary);
  process.exitCode = total.failed > 0 ? 1 : 0;
}

main();
