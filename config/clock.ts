/** Variable by which the sandbox moves the program's clock together with its GitLab's: seconds ahead. */
export const clockOffsetVariable = "SLIPWAY_CLOCK_OFFSET_SECONDS";

/** The time by which the program decides what is due: the machine's, except in the sandbox's tests. */
export function readClock(env: NodeJS.ProcessEnv): Date {
  return new Date(Date.now() + Number(env[clockOffsetVariable] ?? 0) * 1000);
}
