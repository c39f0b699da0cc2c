import { join } from "node:path";

import { ensureClusterCredentials } from "../cluster/clusterCredentials";
import { ensureTools } from "../tools/ensure";
import { startSandbox } from "./up";

/**
 * Builds a program that `make up` does without, and starts the sandbox that it runs in.
 *
 * @param tool its name in the catalogue
 */
export async function prepareAddition(tool: string, name?: string) {
  const tools = await ensureTools([tool]);
  const { instance, programs } = await startSandbox(name);
  return {
    instance,
    credentials: await ensureClusterCredentials(instance),
    kubectl: join(programs.kubernetes, "kubectl"),
    /** Path of the program. */
    program: tools.get(tool)?.path ?? tool,
  };
}
