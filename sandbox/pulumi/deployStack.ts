import { spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import pWaitFor from "p-wait-for";

import { probe } from "../host/probe";
import { pulumiFolders } from "./environment";
import { repository, type Instance } from "../host/instance";
import { run } from "../host/run";

const answerSeconds = 30;

/** Organization in a stack's name, as Pulumi's own backends require it. */
const organization = "organization";
/** Project name in Pulumi.yaml. */
const project = "gatsby-site";

/** A stack and the sandbox it is deployed to. */
export interface DeployedStack {
  readonly instance: Instance;
  readonly stack: string;
  /** The sandbox's environment. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Runs `slipway up` on the stack, which repairs what a killed update left. Creates the stack if it is missing.
 *
 * @returns the site's URL, which is reachable
 */
export async function deployStack(target: DeployedStack): Promise<string> {
  const { instance, stack } = target;
  const { backend } = pulumiFolders(instance);
  if (!existsSync(join(backend, ".pulumi", "stacks", project, `${stack}.json`))) {
    await createStack(target);
  }
  await runSlipway(target, ["up", stack, "--yes", "--", "--skip-preview"]);
  const url = await askPulumi(target, ["stack", "output", "url", "--stack", stack]);
  await waitUntilServed(url);
  return url;
}

/**
 * Creates the stack in a copy of the project's files: `pulumi stack init` writes the salt of the stack's key into
 * Pulumi.<stack>.yaml, and that file is shared through the repository. The state has the salt too.
 */
async function createStack(target: DeployedStack): Promise<void> {
  const folder = join(target.instance.root, "pulumi", "init");
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(repository, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
  const name = `${organization}/${project}/${target.stack}`;
  await askPulumi(target, ["stack", "init", name, "--no-select"], folder);
  // A person's commands without `--stack` are for the site that they edit.
  if (target.stack === "dev") await askPulumi(target, ["stack", "select", name]);
  rmSync(folder, { recursive: true });
}

/** Runs the product's command line with the sandbox's programs, which know its host names and trust its CA. */
function runSlipway({ environment }: DeployedStack, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn("node", [join(repository, "cli", "slipway.js"), ...args], {
      cwd: repository,
      env: { ...process.env, ...environment },
      stdio: "inherit",
    });
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      if (code === 0) resolve();
      else
        reject(new Error(`\`slipway ${args.join(" ")}\` ended with ${signal ?? `code ${code}`}.`));
    });
  });
}

/** Runs Pulumi in the project or another folder, and returns its output. */
function askPulumi(
  { environment }: DeployedStack,
  args: readonly string[],
  cwd = repository,
): Promise<string> {
  return run("pulumi", args, { cwd, env: { ...process.env, ...environment } });
}

async function waitUntilServed(url: string): Promise<void> {
  let reason = "";
  const isServed = async (): Promise<boolean> => {
    try {
      return await probe({ url });
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
