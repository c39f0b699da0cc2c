import type { CommandContext } from "../io";
import { createMask, redact } from "../redact";
import { collectOverview } from "../status/collect";
import { renderJson, renderText } from "../status/render";

/** Options of `slipway status`. */
export interface StatusOptions {
  /** Folder of Pulumi.yaml. */
  readonly cwd: string;
  /** Stacks to show; all if empty. */
  readonly stacks: readonly string[];
  readonly json: boolean;
  /** Whether to leave out what needs no attention. */
  readonly short: boolean;
  readonly color: boolean;
}

/**
 * `slipway status`: shows what runs where.
 *
 * @throws UserError if the backend can't be read, or a named stack does not exist
 */
export async function status(options: StatusOptions, io: CommandContext): Promise<void> {
  const { cwd, json, stacks } = options;
  const overview = await collectOverview({ cwd, named: stacks }, io);
  // Commit messages and errors of other programs may contain a credential.
  const hide = (text: string): string => createMask(io.env)(redact(text));
  io.print(hide(json ? renderJson(overview) : renderText(overview, options)));
}
