import { Listr, PRESET_TIMER } from "listr2";

import { planTools, type Catalogue, type Plan } from "./plan";
import type { Tool } from "./tool";

/** Options of {@link ensureTools}. */
export interface EnsureOptions {
  /** @default the environment of this process */
  readonly environment?: NodeJS.ProcessEnv;
  /** `silent` shows nothing. @default a line that updates in place on a terminal, else plain lines */
  readonly progress?: "auto" | "silent";
  /** @default the sandbox's own tools */
  readonly catalogue?: Catalogue;
}

/**
 * Finds or builds tools by name. Results stay in a cache that later runs and other checkouts use; if the cache has
 * everything, this needs no network and takes a moment.
 */
export async function ensureTools(
  names: readonly string[],
  options: EnsureOptions = {},
): Promise<Map<string, Tool>> {
  const plan = await planTools(names, options.environment ?? process.env, options.catalogue);
  await runSteps(plan, options.progress ?? "auto");
  return plan.resolve();
}

const plainLineEverySeconds = 30;

/** Runs the steps of a plan one after the other, since each build uses all cores. */
export async function runSteps({ steps }: Plan, progress: "auto" | "silent"): Promise<void> {
  if (steps.length === 0) return;
  const isTerminal = process.stdout.isTTY;
  const tasks = steps.map(({ title, run }) => ({
    title,
    task: async (_context: unknown, task: { output: string }): Promise<void> => {
      let shown = 0;
      await run((line) => {
        // A log gets a line every few seconds.
        if (!isTerminal && Date.now() - shown < plainLineEverySeconds * 1000) return;
        shown = Date.now();
        task.output = line;
      });
    },
  }));
  const timer = { timer: PRESET_TIMER };
  await new Listr(tasks, {
    renderer: progress === "silent" ? "silent" : "default",
    fallbackRenderer: progress === "silent" ? "silent" : "verbose",
    rendererOptions: { ...timer, collapseErrors: false },
    fallbackRendererOptions: timer,
  }).run();
}
