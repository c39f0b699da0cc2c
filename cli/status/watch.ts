import { setTimeout } from "node:timers/promises";

/**
 * Runs a function again and again, with a pause before each round, until a signal stops it.
 *
 * @param seconds length of the pause
 */
export async function repeat(
  run: () => Promise<void>,
  seconds: number,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    // It rejects only when the signal stops it.
    const isOver = await setTimeout(seconds * 1000, true, { signal }).catch(() => false);
    if (isOver) await run();
  }
}

/**
 * Creates a signal that stops when a person, or the system, asks this process to end. While a program runs, Ctrl-C
 * would only end that program.
 */
export function createStopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(name, () => controller.abort());
  }
  return controller.signal;
}
