import { spawn } from "node:child_process";

import { UserError } from "./errors";

/** How a program ended, and what it printed as far as that was kept. */
export interface ProcessResult {
  /** Exit code; -1 when a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** All through which a command reaches the world, so that tests can stand in for it. */
export interface CommandContext {
  readonly env: NodeJS.ProcessEnv;

  /** Prints a line, or several, for the user. */
  print(text: string): void;

  /**
   * Asks a question that is answered with yes or no.
   *
   * @throws UserError where nobody can answer
   */
  confirm(question: string): Promise<boolean>;

  /** Runs a program to its end and keeps what it prints. */
  capture(program: string, args: readonly string[], cwd: string): Promise<ProcessResult>;

  /**
   * Runs a program to its end; the user sees what it prints. Its complaints are kept, too.
   *
   * @param environment added to the environment
   */
  stream(
    program: string,
    args: readonly string[],
    cwd: string,
    environment?: Readonly<Record<string, string>>,
  ): Promise<ProcessResult>;
}

/** The world as it is: this process's terminal, environment and programs. */
export function createIo(): CommandContext {
  const { env } = process;
  return {
    env,
    print: (text) => console.log(text),
    confirm,
    capture: (program, args, cwd) => run(program, args, { cwd, env }, false),
    stream: (program, args, cwd, environment) =>
      run(program, args, { cwd, env: { ...env, ...environment } }, true),
  };
}

async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new UserError(
      "There is no terminal to ask on, so nothing was changed. To agree beforehand, add `--yes`.",
    );
  }
  const prompts = await import("@inquirer/prompts");
  try {
    return await prompts.confirm({ message: question, default: false });
  } catch (error) {
    // Ctrl-C is an answer.
    if (error instanceof Error && error.name === "ExitPromptError") return false;
    throw error;
  }
}

function run(
  program: string,
  args: readonly string[],
  place: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
  isShown: boolean,
): Promise<ProcessResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...place,
      stdio: [isShown ? "inherit" : "ignore", isShown ? "inherit" : "pipe", "pipe"],
    });
    // Ctrl-C reaches the program too: it ends in its own way, and this process after it.
    const wait = (): void => undefined;
    process.on("SIGINT", wait);
    const texts = { stdout: "", stderr: "" };
    child.stdout?.setEncoding("utf8").on("data", (text: string) => (texts.stdout += text));
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      texts.stderr += text;
      if (isShown) process.stderr.write(text);
    });
    child.once("error", (error: NodeJS.ErrnoException) => {
      process.off("SIGINT", wait);
      reject(error.code === "ENOENT" ? describeMissing(program) : error);
    });
    child.once("close", (code) => {
      process.off("SIGINT", wait);
      resolve({ code: code ?? -1, ...texts });
    });
  });
}

function describeMissing(program: string): UserError {
  return new UserError(`\`${program}\` is not on PATH. Install it, or add its folder to PATH.`);
}
