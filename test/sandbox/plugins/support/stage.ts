import { KubernetesProvider } from "../../../../sandbox/plugins/kubernetes/kubernetes";
import { ApiServer } from "./apiServer";
import { PluginClient } from "./pluginClient";

/** The plugin, configured for an API server in memory; both are new in each test. */
export interface Stage {
  server: ApiServer;
  plugin: PluginClient;
}

/** Starts and stops a {@link Stage} around each test of the surrounding `describe`. */
export function useStage(): Stage {
  const stage = {} as Stage;
  beforeEach(async () => {
    stage.server = new ApiServer();
    await stage.server.start();
    stage.plugin = await PluginClient.start((engine) => new KubernetesProvider(engine));
    await stage.plugin.call("Configure", { args: { kubeconfig: stage.server.kubeconfig } });
  });
  afterEach(async () => {
    stage.plugin.stop();
    await stage.server.stop();
  });
  return stage;
}
