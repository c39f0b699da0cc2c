import { hostname, userInfo } from "node:os";

/** Name in the environment that Pulumi records of an update. */
const key = "exec.agent";
const prefix = "slipway/";

/**
 * Options with which Pulumi records who runs an update, as `slipway/user@host`. By itself it records only the checkout
 * and the pipeline.
 */
export function buildAgentOptions(): string[] {
  return ["--exec-agent", `${prefix}${findUser()}@${hostname()}`];
}

/**
 * Reads who ran an update.
 *
 * @param environment what Pulumi recorded of it
 * @returns `user@host`; undefined if Slipway did not run it, or if a pipeline did, whose user says nothing
 */
export function readAgent(environment: Readonly<Record<string, string>>): string | undefined {
  const agent = environment[key] ?? "";
  const isPipeline = Boolean(environment["ci.system"]);
  return agent.startsWith(prefix) && !isPipeline ? agent.slice(prefix.length) : undefined;
}

function findUser(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run as a number that has no name.
    return String(process.getuid?.() ?? "unknown");
  }
}
