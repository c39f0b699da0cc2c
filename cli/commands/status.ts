import { resolve } from "node:path";

import { UserError } from "../errors";
import type { CommandContext } from "../io";
import { createMask, redact } from "../redact";
import { collectOverview } from "../status/collect";
import { renderPage } from "../status/html/page";
import type { Overview } from "../status/overview";
import { renderJson, renderText } from "../status/render";
import { mapTexts } from "../status/mapTexts";
import { createStopSignal, repeat } from "../status/watch";
import { writePage } from "../status/html/writePage";

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
  /** File to write a page to, relative to the current folder, instead of a text; undefined for none. */
  readonly html?: string;
  /** Pause before it is shown again, in seconds; true for 30, undefined to show it once. */
  readonly watch?: number | true;
  /** Whether to clear the terminal before each round of a watch. */
  readonly isTerminal: boolean;
  /** Stops a watch. @default a signal that asks this process to end, such as Ctrl-C */
  readonly signal?: AbortSignal;
}

/** In seconds. */
const defaultPause = 30;

/**
 * `slipway status`: shows what runs where.
 *
 * @throws UserError if the backend can't be read, a named stack does not exist, or the page can't be written. While
 *   it watches, only the first round throws; later ones print the error and go on.
 */
export async function status(options: StatusOptions, io: CommandContext): Promise<void> {
  const { watch } = options;
  // Before the first round, in which a program may be running that gets the signal too.
  const signal = watch === undefined ? undefined : (options.signal ?? createStopSignal());
  await show(options, io);
  if (watch === undefined || signal === undefined) return;
  const showAgain = async (): Promise<void> => {
    try {
      await show(options, io);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      io.print(`error: ${error.message}`);
    }
  };
  await repeat(showAgain, watch === true ? defaultPause : watch, signal);
}

async function show(options: StatusOptions, io: CommandContext): Promise<void> {
  const { cwd, html, json, stacks } = options;
  const collected = await collectOverview({ cwd, named: stacks }, io);
  // Commit messages and errors of other programs may contain a credential.
  const mask = createMask(io.env);
  const overview = mapTexts(collected, (text) => mask(redact(text)));
  if (html !== undefined) {
    writePage(resolve(html), renderPage(overview));
    if (!json) io.print(`Wrote ${html}.`);
  }
  if (html === undefined || json) io.print(renderRound(overview, options));
}

function renderRound(overview: Overview, { json, watch, ...options }: StatusOptions): string {
  if (json) return renderJson(overview, watch === undefined ? undefined : 0);
  const text = renderText(overview, options);
  if (watch === undefined) return text;
  return options.isTerminal ? clearTerminal + text : `${text}\n`;
}

/** Clears the screen and what was scrolled off it, and goes to its first line. */
const clearTerminal = "\u001B[2J\u001B[3J\u001B[H";
