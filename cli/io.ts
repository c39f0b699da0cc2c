import { UserError } from "./errors";
import { findPulumi } from "./process/pulumiProgram";
import { type ProcessResult, runProgram } from "./process/run";
import { findTerminal, type Terminal } from "./terminal";

/** Everything a command needs from its environment; tests replace it. */
export interface CommandContext {
  readonly env: NodeJS.ProcessEnv;

  /** Height of the terminal that it prints to, in lines; undefined if that is a pipe or a file. */
  readonly rows?: number;

  /** The terminal that it prints to; undefined if that is a pipe, a file or a job's log. */
  readonly terminal?: Terminal;

  /** Prints one or more lines for the user. */
  print(text: string): void;

  /**
   * Asks a question whose answer is yes or no.
   *
   * @throws UserError if there is no terminal
   */
  confirm(question: string): Promise<boolean>;

  /** Runs a program to its end and keeps what it prints. */
  capture(program: string, args: readonly string[], cwd: string): Promise<ProcessResult>;

  /** Runs a program to its end. The user sees what it prints; its standard error, or what is hidden, is kept too. */
  stream(
    program: string,
    args: readonly string[],
    cwd: string,
    options?: StreamOptions,
  ): Promise<ProcessResult>;
}

/** Options of {@link CommandContext.stream}. */
export interface StreamOptions {
  /** Variables that are added to the environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Called with the id of the process as soon as it runs. */
  readonly onStart?: (pid: number) => void;
  /** Whether the user sees what it prints. @default true */
  readonly isShown?: boolean;
}

/** The real environment: this process's terminal, variables and programs. */
export function createIo(): CommandContext {
  const { env } = process;
  const terminal = findTerminal(env, process.stdout);
  const locate = (program: string, cwd: string): string =>
    program === "pulumi" ? findPulumi(env, cwd) : program;
  return {
    env,
    rows: process.stdout.isTTY && env.TERM !== "dumb" ? process.stdout.rows : undefined,
    terminal,
    print: (text) => (terminal === undefined ? console.log(text) : terminal.print(text)),
    confirm,
    capture: async (program, args, cwd) =>
      runProgram(locate(program, cwd), args, { cwd, env, isShown: false }),
    stream: async (program, args, cwd, { environment, isShown = true, onStart } = {}) =>
      runProgram(locate(program, cwd), args, {
        cwd,
        env: { ...env, ...environment },
        isShown,
        onStart,
      }),
  };
}

async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new UserError(
      "This needs your confirmation, but there is no terminal to ask on. Nothing was changed. To confirm beforehand, add `--yes`.",
    );
  }
  const prompts = await import("@inquirer/prompts");
  try {
    return await prompts.confirm({ message: question, default: false });
  } catch (error) {
    // Ctrl-C means no.
    if (error instanceof Error && error.name === "ExitPromptError") return false;
    throw error;
  }
}
