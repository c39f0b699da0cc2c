/**
 * `npm run docs:record`: runs the README's first commands in a sandbox of their own, and puts what they print, shortened, into
 * the README.
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";

import { createCheckout, shell } from "../e2e/support/checkout";
import { commands, readRecording, replaceRecording, shorten } from "./recording";

const folder = join(__dirname, "../../.sandbox/recording");

async function run(command: string): Promise<string> {
  const { code, output } = await shell(command, folder);
  if (code !== 0) throw new Error(`\`${command}\` ended with code ${code}:\n${output}`);
  return stripVTControlCharacters(output);
}

async function record(): Promise<string> {
  const [first, ...others] = commands;
  const lines = [`$ ${first}`, ...shorten(await run(first))];
  const environment = 'eval "$(make -s env)"';
  await run(`${environment}; pulumi stack init staging --no-select`);
  for (const command of others) {
    lines.push("", `$ ${command}`, ...shorten(await run(`${environment}; ${command}`)));
  }
  return lines.join("\n");
}

async function main(): Promise<void> {
  createCheckout(folder);
  try {
    const readme = replaceRecording(readFileSync("README.md", "utf8"), await record());
    writeFileSync("README.md", readme);
    process.stdout.write(`${readRecording(readme)}\n`);
  } finally {
    await shell("make down", folder);
    rmSync(folder, { recursive: true });
  }
}

void main();
