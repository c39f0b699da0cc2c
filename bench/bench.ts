import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { checkout, createCheckout, inSandbox, make, shell } from "../test/e2e/support/checkout";

/** A measurement: seconds of each run, and what it is a multiple of. */
interface Measurement {
  readonly name: string;
  readonly seconds: readonly number[];
  readonly comparedWith?: string;
}

const runs = 5;
const page = join(checkout, "site", "src", "pages", "about.tsx");

/** Measures what people wait for, side by side on one sandbox, and prints each as a ratio to its peer. */
async function main(): Promise<void> {
  createCheckout();
  // What tests or an earlier run left there would make the first run one that is not.
  await shell("make down");
  rmSync(join(checkout, ".sandbox"), { recursive: true, force: true });
  const measurements: Measurement[] = [];
  const measure = async (
    name: string,
    count: number,
    run: () => Promise<unknown>,
    comparedWith?: string,
  ): Promise<void> => {
    const seconds: number[] = [];
    for (let index = 0; index < count; index++) {
      const started = performance.now();
      await run();
      seconds.push((performance.now() - started) / 1000);
    }
    measurements.push({ name, seconds, comparedWith });
  };

  const makeUp = (): Promise<void> => make("up");
  await measure("first `make up`, tools built", 1, makeUp);
  await createEmptyProgram();
  await measure("preview of an empty program", runs, () => preview(emptyProgram));
  await measure(
    "preview without changes",
    runs,
    () => preview(checkout),
    "preview of an empty program",
  );
  await measure("`make up` without changes", runs, makeUp, "preview without changes");
  let edits = 0;
  await measure(
    "`make up` after an edit of one page",
    3,
    async () => {
      const text = readFileSync(page, "utf8");
      writeFileSync(page, text.replace(/<\/p>/, ` Edit ${edits++}.</p>`));
      await makeUp();
    },
    "first `make up`, tools built",
  );
  await shell("make down");
  await measure("`make up` after `make down`", 1, makeUp, "first `make up`, tools built");
  await shell("make down");
  print(measurements);
}

const emptyProgram = join(checkout, ".sandbox", "empty-program");

/** The least that Pulumi does: its start, and that of a Node program that makes nothing. */
async function createEmptyProgram(): Promise<void> {
  mkdirSync(emptyProgram, { recursive: true });
  writeFileSync(
    join(emptyProgram, "Pulumi.yaml"),
    "name: empty\nruntime: nodejs\nmain: index.js\n",
  );
  writeFileSync(join(emptyProgram, "package.json"), "{}");
  writeFileSync(join(emptyProgram, "index.js"), 'require("@pulumi/pulumi");\n');
  try {
    symlinkSync(join(checkout, "node_modules"), join(emptyProgram, "node_modules"));
  } catch {
    // It is there from the last time.
  }
  await inSandbox(`cd ${emptyProgram} && pulumi stack select organization/empty/dev --create`);
}

function preview(folder: string): Promise<string> {
  return inSandbox(`cd ${folder} && pulumi preview --stack dev`);
}

function print(measurements: readonly Measurement[]): void {
  const medians = new Map(measurements.map(({ name, seconds }) => [name, median(seconds)]));
  console.log("| measured | runs | median | ratio |\n| --- | --- | --- | --- |");
  for (const { name, seconds, comparedWith } of measurements) {
    const own = medians.get(name) ?? 0;
    const other = comparedWith === undefined ? undefined : medians.get(comparedWith);
    const ratio = other === undefined ? "" : `${(own / other).toFixed(2)} x ${comparedWith ?? ""}`;
    console.log(`| ${name} | ${seconds.length} | ${own.toFixed(1)} s | ${ratio} |`);
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
