import { execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const original = resolve(__dirname, "../../..");

/** Number of the process that Jest runs this file in: `make soak` runs two files side by side. */
const worker = process.env.JEST_WORKER_ID ?? "1";

/** A copy of the working tree with its own git repository and its own sandbox, which tests can edit. */
export const checkout = join(
  original,
  ".sandbox",
  worker === "1" ? "checkout" : `checkout-${worker}`,
);

/** Output and exit code of a program. */
export interface Ended {
  readonly output: string;
  readonly code: number | null;
}

/** Copies tracked and new files and commits them, so that `git status` shows later edits. */
export function createCheckout(folder = checkout): void {
  mkdirSync(folder, { recursive: true });
  // Deletes an earlier copy except for its sandbox, whose data makes the next start fast.
  for (const entry of readdirSync(folder).filter((name) => name !== ".sandbox")) {
    rmSync(join(folder, entry), { recursive: true });
  }
  const files = git(original, "ls-files", "-z", "--cached", "--others", "--exclude-standard");
  for (const file of files.split("\0").filter(isThere)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(original, file), join(folder, file));
  }
  symlinkSync(join(original, "node_modules"), join(folder, "node_modules"));

  git(folder, "init", "--quiet");
  git(folder, "add", "--all");
  git(
    folder,
    ...["-c", "user.name=test", "-c", "user.email=test@example.com"],
    ...["commit", "--quiet", "--message", "copy"],
  );
}

/** Whether the file exists: a tracked file can be deleted in the working tree. */
function isThere(file: string): boolean {
  return file !== "" && existsSync(join(original, file));
}

/** Runs git in a folder. */
export function git(folder: string, ...args: string[]): string {
  return execFileSync("git", args, { cwd: folder, encoding: "utf8", stdio: "pipe" });
}

/** Starts a shell command in a copy, in its own process group. */
export function start(
  command: string,
  folder = checkout,
): { readonly pid: number; readonly ended: Promise<Ended> } {
  const child = spawn("bash", ["-c", command], {
    cwd: folder,
    detached: true,
    // Without the variables of `make test`, which would change the output of a nested `make`.
    env: { ...process.env, MAKEFLAGS: "", MAKELEVEL: "", SLIPWAY_SANDBOX: "test", CI: "true" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (chunk: string) => (output += chunk));
  }
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ output, code }));
  });
  return { pid: child.pid ?? 0, ended };
}

/** Runs a shell command in a copy until it ends. */
export async function shell(command: string, folder = checkout): Promise<Ended> {
  return start(command, folder).ended;
}

/** Runs a target of the copy's Makefile, which must succeed. */
export async function make(target: string): Promise<void> {
  const { output, code } = await shell(`make ${target}`);
  if (code !== 0) {
    throw new Error(`\`make ${target}\` ended with code ${code}:\n${output.slice(-3000)}`);
  }
}

/** Runs a shell command in the sandbox's environment, as a user does after `eval "$(make -s env)"`. */
export async function inSandbox(command: string): Promise<string> {
  const { output, code } = await shell(`eval "$(make -s env)"; ${command}`);
  if (code !== 0) throw new Error(`\`${command}\` ended with code ${code}:\n${output}`);
  return output;
}
