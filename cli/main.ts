import { CommanderError } from "commander";

import { UserError } from "./errors";
import { renderProblem } from "./errorText";
import { createIo, type CommandContext } from "./io";
import { createProgram } from "./program";

/** Exit codes: for a wrong command line, and for a bug in slipway. An error that the user can fix has its own. */
const exitCodes = { usage: 2, defect: 70 } as const;

/**
 * Runs the command line.
 *
 * @param args without the names of Node and of the program
 * @returns exit code
 */
export async function main(args: readonly string[], io: CommandContext): Promise<number> {
  try {
    await createProgram(io).parseAsync(args, { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage;
    if (error instanceof UserError) {
      const color = process.stderr.isTTY && !io.env.NO_COLOR;
      console.error(renderProblem("error", error.message, color));
      return error.exitCode;
    }
    console.error("This is a bug in slipway. Please report it with these lines:\n", error);
    return exitCodes.defect;
  }
}

/** Runs the command line of this process and sets its exit code. */
export function start(): void {
  // A reader that ends early, such as `head`, does not end the command: an update has to go on.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", ignoreClosedPipe);
  void main(process.argv.slice(2), createIo()).then((code) => (process.exitCode = code));
}

function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}
