import { startMetricsServer } from "../cluster/metricsServer";
import { prepareAddition } from "./addition";

/** `make metrics`: starts metrics-server in the sandbox, in addition to what `make up` starts. */
export async function startMetrics(name?: string): Promise<void> {
  const { credentials, instance, kubectl, program } = await prepareAddition("metrics-server", name);
  await startMetricsServer(instance, credentials, { kubectl, metricsServer: program });
  console.log("metrics: `kubectl top` and autoscalers have figures");
}
