import { spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import pWaitFor from "p-wait-for";

import { answers } from "./answers";
import { pulumiFolders } from "./environment";
import { repository } from "./instance";
import {
  askPulumi,
  breakDeadLocks,
  clearPendingCreates,
  organization,
  project,
  type Caller,
} from "./recover";

const answerSeconds = 30;

/**
 * Runs `pulumi up` on the stack, after mending what a killed one left.
 *
 * @returns the site's URL, which answers
 */
export async function deployStack(caller: Caller): Promise<string> {
  const { instance, stack } = caller;
  const { backend } = pulumiFolders(instance);
  const state = join(backend, ".pulumi", "stacks", project, `${stack}.json`);
  if (existsSync(state)) {
    await breakDeadLocks(caller);
    if (hasPendingOperations(state)) await clearPendingCreates(caller);
  } else {
    await createStack(caller);
  }

  await runPulumi(caller, ["up", "--stack", stack, "--yes", "--skip-preview"]);
  const url = await askPulumi(caller, ["stack", "output", "url", "--stack", stack]);
  await waitUntilServed(url);
  return url;
}

/**
 * Makes the stack beside the project's own files: `pulumi stack init` writes its key's salt into
 * Pulumi.<stack>.yaml, which here is in everybody's checkout. The state keeps the salt too.
 */
async function createStack(caller: Caller): Promise<void> {
  const folder = join(caller.instance.root, "pulumi", "init");
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(repository, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
  const name = `${organization}/${project}/${caller.stack}`;
  await askPulumi(caller, ["stack", "init", name, "--no-select"], folder);
  await askPulumi(caller, ["stack", "select", name]);
  rmSync(folder, { recursive: true });
}

function hasPendingOperations(state: string): boolean {
  const { checkpoint } = JSON.parse(readFileSync(state, "utf8")) as {
    checkpoint?: { latest?: { pending_operations?: unknown[] } };
  };
  return (checkpoint?.latest?.pending_operations ?? []).length > 0;
}

function runPulumi({ environment }: Caller, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn("pulumi", args, {
      cwd: repository,
      env: { ...process.env, ...environment },
      stdio: "inherit",
    });
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      if (code === 0) resolve();
      else
        reject(new Error(`\`pulumi ${args.join(" ")}\` ended with ${signal ?? `code ${code}`}.`));
    });
  });
}

async function waitUntilServed(url: string): Promise<void> {
  let reason = "";
  const isServed = async (): Promise<boolean> => {
    try {
      return await answers({ url });
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
      return false;
    }
  };
  try {
    await pWaitFor(isServed, { interval: 200, timeout: answerSeconds * 1000 });
  } catch (error) {
    throw new Error(`${url} did not answer within ${answerSeconds} seconds (${reason}).`, {
      cause: error,
    });
  }
}
