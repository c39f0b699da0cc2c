import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { format } from "prettier";

import { type Circumstances, renderPage } from "./measure/page";
import { Report } from "./measure/report";
import { renderGrowths, renderRows } from "./measure/table";
import { texts } from "./remarks";
import { groups } from "./rows/groups";
import { measureFirstUp, measureFurtherUps } from "./rows/makeUp";
import { git } from "../test/e2e/support/checkout";
import { describeMachine } from "./world/machine";
import { BenchSandbox } from "./world/sandbox";

const repository = join(__dirname, "..");
const millisecondsPerMinute = 60_000;

/** What is measured with the sandbox's start, which is no group: it needs no running sandbox. */
const makeUp = "make-up";

/** Options of the command line. */
interface Options {
  /** Names of what to measure. */
  readonly names: readonly string[];
  /** Whether that is all, with all its runs and sizes. */
  readonly isWhole: boolean;
  readonly report: Report;
}

/** Measures the groups on a sandbox, prints a table, and writes RESULTS.md if it measured all. */
async function main(): Promise<void> {
  const { isWhole, names, report } = readOptions();
  const isFresh = names.includes(makeUp);
  const [machine, commit] = [describeMachine(), describeCommit()];
  const started = Date.now();
  stopOnSignal();
  try {
    await BenchSandbox.prepare(isFresh);
    if (isFresh) await measureFirstUp(report);
    else await BenchSandbox.up();
    if (isFresh) await measureFurtherUps(report);
    const sandbox = await BenchSandbox.open();
    const left = groups.filter((one) => names.includes(one.name));
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const { measure, name } = next;
      await report.attempt(`group ${name}`, () => measure(report, sandbox));
      const minutes = (Date.now() - started) / millisecondsPerMinute;
      if (isWhole)
        await write(report, { commit, machine, minutes, left: left.map((one) => one.name) });
    }
  } finally {
    await BenchSandbox.down();
  }
  print(report);
  if (report.failures.length > 0) process.exitCode = 1;
}

function readOptions(): Options {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      runs: { type: "string", default: "Infinity" },
      largest: { type: "string", default: "Infinity" },
      long: { type: "boolean", default: false },
    },
  });
  const known = [makeUp, ...groups.map(({ name }) => name)];
  const unknown = positionals.filter((name) => !known.includes(name));
  const limits = { maximumRuns: Number(values.runs), maximumSize: Number(values.largest) };
  if (unknown.length > 0) {
    throw new Error(`No such group: ${unknown.join(", ")}. There are ${known.join(", ")}.`);
  }
  if (!(limits.maximumRuns >= 1 && limits.maximumSize >= 1)) {
    throw new Error("`--runs` and `--largest` take a number of 1 or more.");
  }
  const isLimited = Object.values(limits).some((limit) => limit < Infinity);
  return {
    names: positionals.length > 0 ? positionals : known,
    isWhole: positionals.length === 0 && !isLimited,
    report: new Report({ ...limits, isLong: values.long }),
  };
}

/** A run that is stopped leaves no sandbox running. */
function stopOnSignal(): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void BenchSandbox.down().finally(() => process.exit(1)));
  }
}

function print({ failures, growths, rows, sections }: Report): void {
  const tables = [...(rows.length > 0 ? [renderRows(rows)] : []), renderGrowths(growths)];
  console.log(`\n${[...tables, ...sections.values()].join("\n\n")}`);
  for (const { reason, work } of failures) console.log(`failed: ${work}: ${reason}`);
}

function describeCommit(): string {
  const hash = git(repository, "rev-parse", "--short", "HEAD").trim();
  const isDirty = git(repository, "status", "--porcelain", "--untracked-files=no") !== "";
  return `${hash}${isDirty ? " with changes" : ""}`;
}

async function write(report: Report, run: Omit<Circumstances, "day">): Promise<void> {
  const day = new Date().toISOString().slice(0, 10);
  const page = renderPage(report, { ...run, day }, texts);
  const file = join(__dirname, "RESULTS.md");
  writeFileSync(file, await format(page, { parser: "markdown", printWidth: 100 }));
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
