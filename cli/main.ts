import { CommanderError } from "commander";

import { UserError } from "./errors";
import { createIo, type CommandContext } from "./io";
import { createProgram } from "./program";

/** Exit codes: what the user can mend, what was called wrongly, and what is a defect of ours. */
const exitCodes = { user: 1, usage: 2, defect: 70 } as const;

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
      console.error(`error: ${error.message}`);
      return exitCodes.user;
    }
    console.error("This is a bug in slipway. Please report it with these lines:\n", error);
    return exitCodes.defect;
  }
}

/** Runs it for this process. */
export function start(): void {
  void main(process.argv.slice(2), createIo()).then((code) => (process.exitCode = code));
}
