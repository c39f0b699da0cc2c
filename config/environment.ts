import * as fs from "node:fs";
import * as path from "node:path";

import { invalid, type Result, valid } from "./result";

/** Variable with which the sandbox moves the program's clock together with its GitLab's: seconds ahead. */
export const clockOffsetVariable = "SLIPWAY_CLOCK_OFFSET_SECONDS";

/** Ten years: more is a mistake, and far more is not a date. */
const clockOffsetLimitSeconds = 10 * 366 * 24 * 60 * 60;

/** The time that decides which tokens are due: the machine's, except in the sandbox's tests. */
export function readClock(env: NodeJS.ProcessEnv): Result<Date> {
  const text = env[clockOffsetVariable]?.trim() || "0";
  const seconds = /^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  return Math.abs(seconds) <= clockOffsetLimitSeconds
    ? valid(new Date(Date.now() + seconds * 1000))
    : invalid(
        `is "${text}", which is not a number of seconds up to ten years. Only the sandbox's tests set it.`,
      );
}

/**
 * The value of an environment variable; empty if it is not set.
 *
 * A GitLab variable of type File has the path of a file that contains the value.
 *
 * @see https://docs.gitlab.com/ci/variables/#use-file-type-cicd-variables
 */
export function readVariable(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name] ?? "";
  return isFileVariable(env, name) ? fs.readFileSync(value, "utf8").trim() : value;
}

/** Whether a variable is the path of a file that contains its value. */
export function isFileVariable(env: NodeJS.ProcessEnv, name: string): boolean {
  const value = env[name] ?? "";
  return path.isAbsolute(value) && fs.statSync(value, { throwIfNoEntry: false })?.isFile() === true;
}
