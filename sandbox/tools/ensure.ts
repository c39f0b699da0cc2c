import { Listr, PRESET_TIMER } from "listr2";

import { planTools, type Catalogue, type Plan } from "./plan";
import type { Tool } from "./tool";

/** How tools are looked for, and who is told. */
export interface EnsureOptions {
  /** @default this process' */
  readonly environment?: NodeJS.ProcessEnv;
  /** `silent` shows nothing. @default as the output allows: moving lines on a terminal, else plain ones */
  readonly progress?: "auto" | "silent";
  /** @default the sandbox's own tools */
  readonly catalogue?: Catalogue;
}

/**
 * Finds or makes tools by name. What is made stays in a cache that later runs and other checkouts use; with
 * everything there it takes no network and a moment.
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

/** Does what a plan asks for, one step after the other: each build uses all cores by itself. */
export async function runSteps({ steps }: Plan, progress: "auto" | "silent"): Promise<void> {
  if (steps.length === 0) return;
  const isTerminal = process.stdout.isTTY;
  const tasks = steps.map(({ title, run }) => ({
    title,
    task: async (_context: unknown, task: { output: string }): Promise<void> => {
      let shown = 0;
      await run((line) => {
        // A log gets a line now and then, not one a second.
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
