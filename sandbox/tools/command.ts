import { spawn } from "node:child_process";
import { open, readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

import { ToolError } from "./errors";

/** A command whose output goes to a log. */
export interface LoggedCommand {
  readonly command: readonly [string, ...string[]];
  readonly cwd: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Path of the log; later commands of the same step append to it. */
  readonly log: string;
  readonly onLine?: (line: string) => void;
}

const logLinesShown = 20;

/** Runs a command; returns false if it fails. The log then says why. */
export async function tryLogged(logged: LoggedCommand): Promise<boolean> {
  const [program, ...args] = logged.command;
  const log = await open(logged.log, "a");
  try {
    await log.write(`$ ${logged.command.join(" ")}\n`);
    const child = spawn(program, args, {
      cwd: logged.cwd,
      env: logged.environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const ended = new Promise<string | undefined>((resolve) => {
      child.once("error", (error) => resolve(error.message));
      child.once("close", (code, signal) => {
        resolve(code === 0 ? undefined : `${program} ended with ${signal ?? code}.`);
      });
    });
    const copy = async (output: Readable): Promise<void> => {
      for await (const line of createInterface({ input: output })) {
        await log.write(`${line}\n`);
        logged.onLine?.(line);
      }
    };
    const [failure] = await Promise.all([ended, copy(child.stdout), copy(child.stderr)]);
    if (failure !== undefined) await log.write(`${failure}\n`);
    return failure === undefined;
  } finally {
    await log.close();
  }
}

/** Runs a command; if it fails, throws an error with the end of its log. */
export async function runLogged(
  logged: LoggedCommand,
  subject: string,
  remedy: string,
): Promise<void> {
  if (!(await tryLogged(logged))) throw await createLogError(subject, logged.log, remedy);
}

/** Creates an error with the end of a log. */
export async function createLogError(
  subject: string,
  log: string,
  remedy: string,
): Promise<ToolError> {
  const lines = (await readFile(log, "utf8")).trimEnd().split("\n").slice(-logLinesShown);
  const end = lines.map((line) => `    ${line}`).join("\n");
  return new ToolError(
    `${subject} failed. The end of its log:\n${end}\n  The whole log: ${log}\n  ${remedy}`,
  );
}
