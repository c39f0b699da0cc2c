import { join } from "node:path";

import { ensureClusterCredentials } from "../cluster/clusterCredentials";
import { startMetricsServer } from "../cluster/metricsServer";
import { ensureTools } from "../tools/ensure";
import { startSandbox } from "./up";

/** `make metrics`: starts metrics-server in the sandbox, in addition to what `make up` starts. */
export async function startMetrics(name?: string): Promise<void> {
  const tools = await ensureTools(["metrics-server"]);
  const { instance, programs } = await startSandbox(name);
  await startMetricsServer(instance, await ensureClusterCredentials(instance), {
    kubectl: join(programs.kubernetes, "kubectl"),
    metricsServer: tools.get("metrics-server")?.path ?? "metrics-server",
  });
  console.log("metrics: `kubectl top` and autoscalers have figures");
}
