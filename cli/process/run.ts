import { type ChildProcess, spawn } from "node:child_process";

import { UserError } from "../errors";
import { guardSession, releaseSession } from "./guard";
import { listSession } from "./procFiles";

/** How a program ended, and what it printed as far as that was kept. */
export interface ProcessResult {
  /** Exit code; -1 if a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Options of {@link runProgram}. */
export interface RunOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Whether the user sees what it prints, and it reads what the user types. */
  readonly isShown: boolean;
  /** Called with its process id as soon as it runs. */
  readonly onStart?: (pid: number) => void;
}

/**
 * Runs a program until it ends. The program gets a session of its own, which contains the plugins and programs
 * that it starts. The session ends with the program and with this process.
 *
 * Signals that end this process are passed on, so that Pulumi can stop properly and unlock the stack.
 */
export function runProgram(
  program: string,
  args: readonly string[],
  { cwd, env, isShown, onStart }: RunOptions,
): Promise<ProcessResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env,
      detached: process.platform !== "win32",
      stdio: [isShown ? "inherit" : "ignore", isShown ? "inherit" : "pipe", "pipe"],
    });
    const stopPassing = passSignals(child);
    const { pid } = child;
    if (pid !== undefined) {
      guardSession(pid);
      onStart?.(pid);
    }
    const texts = { stdout: "", stderr: "" };
    child.stdout?.setEncoding("utf8").on("data", (text: string) => (texts.stdout += text));
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      texts.stderr += text;
      if (isShown) process.stderr.write(text);
    });
    child.once("error", (error: NodeJS.ErrnoException) => {
      stopPassing();
      reject(error.code === "ENOENT" ? describeMissing(program) : error);
    });
    // A killed engine leaves its plugins, which would keep running and hold the pipes open.
    child.once("exit", (code, signal) => {
      if (pid === undefined) return;
      if (wasKilled(code, signal)) endSession(pid);
      releaseSession(pid);
    });
    child.once("close", (code) => {
      stopPassing();
      resolve({ code: code ?? -1, ...texts });
    });
  });
}

/**
 * npm passes on a Ctrl-C that this process also gets from the terminal. A second Ctrl-C would end Pulumi at
 * once.
 */
const sameSignalMs = 1000;

/**
 * Passes the signals on that ask this process to end. In its own session the program does not get them from the
 * terminal.
 *
 * @returns function that stops passing signals on
 */
function passSignals(child: ChildProcess): () => void {
  let passedAt = -Infinity;
  const pass = (signal: NodeJS.Signals): void => {
    if (performance.now() - passedAt < sameSignalMs) return;
    passedAt = performance.now();
    // Pulumi unlocks the stack on SIGTERM; a hang-up would end it in the middle of its work.
    child.kill(signal === "SIGHUP" ? "SIGTERM" : signal);
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, pass);
  return () => {
    for (const signal of signals) process.off(signal, pass);
  };
}

/** Exit code of a shell script whose program a signal has ended: 128 and the signal's number. */
function wasKilled(code: number | null, signal: NodeJS.Signals | null): boolean {
  return signal !== null || (code !== null && code > 128 && code < 192);
}

function endSession(session: number): void {
  for (const { pid } of listSession(session)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended meanwhile.
    }
  }
}

function describeMissing(program: string): UserError {
  return new UserError(`\`${program}\` is not on PATH. Install it, or add its folder to PATH.`);
}
