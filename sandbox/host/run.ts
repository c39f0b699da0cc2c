import { execFile, type ExecFileOptions } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);
const outputLimitBytes = 64 * 1024 * 1024;

/** Runs a program until it ends and returns its output. An error contains the end of what it wrote to stderr. */
export async function run(
  program: string,
  args: readonly string[],
  options: ExecFileOptions = {},
): Promise<string> {
  try {
    const { stdout } = await execute(program, args, {
      ...options,
      encoding: "utf8",
      maxBuffer: outputLimitBytes,
    });
    return stdout.trimEnd();
  } catch (error) {
    const { code, stderr = "" } = error as { code?: unknown; stderr?: string };
    const said = stderr.trimEnd().split("\n").slice(-10).join("\n  ");
    throw new Error(`\`${program}\` failed (${String(code)})${said && `:\n  ${said}`}`, {
      cause: error,
    });
  }
}
