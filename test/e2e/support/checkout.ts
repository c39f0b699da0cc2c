import { execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const original = resolve(__dirname, "../../..");

/** A copy of the working tree, as a clone of its own: what a test edits there is nobody's file. */
export const checkout = join(original, ".sandbox", "checkout");

/** What a program printed, and how it ended. */
export interface Ended {
  readonly output: string;
  readonly code: number | null;
}

/** Makes a copy, of tracked and new files alike, and commits it, so that `git status` means something. */
export function createCheckout(folder = checkout): void {
  mkdirSync(folder, { recursive: true });
  // All of an earlier copy but the sandbox: what that has stored makes the next start fast.
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

/** A tracked file may be deleted in the working tree. */
function isThere(file: string): boolean {
  return file !== "" && existsSync(join(original, file));
}

/** Runs git in a folder. */
export function git(folder: string, ...args: string[]): string {
  return execFileSync("git", args, { cwd: folder, encoding: "utf8", stdio: "pipe" });
}

/** Starts a shell command in the copy, in a process group of its own. */
export function start(command: string): { readonly pid: number; readonly ended: Promise<Ended> } {
  const child = spawn("bash", ["-c", command], {
    cwd: checkout,
    detached: true,
    // Without `make test`'s own variables, of which a `make` inside would speak.
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

/** Runs a shell command in the copy to its end. */
export async function shell(command: string): Promise<Ended> {
  return start(command).ended;
}

/** Runs a target of the copy's Makefile, which has to succeed. */
export async function make(target: string): Promise<void> {
  const { output, code } = await shell(`make ${target}`);
  if (code !== 0) {
    throw new Error(`\`make ${target}\` ended with code ${code}:\n${output.slice(-3000)}`);
  }
}

/** Runs a shell command in the sandbox's environment, as a person does after `eval "$(make -s env)"`. */
export async function inSandbox(command: string): Promise<string> {
  const { output, code } = await shell(`eval "$(make -s env)"; ${command}`);
  if (code !== 0) throw new Error(`\`${command}\` ended with code ${code}:\n${output}`);
  return output;
}
