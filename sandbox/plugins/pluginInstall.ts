import { execFile } from "node:child_process";
import { promisify } from "node:util";

import type { SelectOptions } from "./select";

/** Without a network the CLI tries for minutes. */
const TIMEOUT_MS = 15_000;

/** Downloads an official plugin with the Pulumi CLI. */
export async function installPlugin(options: SelectOptions): Promise<void> {
  const { name, version, pulumi, pulumiHome, environment } = options;
  await promisify(execFile)(pulumi, ["plugin", "install", "resource", name, version], {
    env: { ...environment, PULUMI_HOME: pulumiHome },
    timeout: TIMEOUT_MS,
    killSignal: "SIGKILL",
  });
}
