import { KubernetesProvider } from "../../../../sandbox/plugins/kubernetes/kubernetes";
import type { JsonObject } from "../../../../sandbox/plugins/properties";
import { PluginClient } from "../support/pluginClient";
import { recorded } from "../support/recordings";
import type { Recorded } from "../support/recordings";

describe("pulumi-resource-kubernetes, as recorded", () => {
  let plugin: PluginClient;

  beforeEach(async () => {
    plugin = await PluginClient.start((engine) => new KubernetesProvider(engine));
  });

  afterEach(() => plugin.stop());

  it.each([...recorded("CheckConfig"), ...recorded("DiffConfig"), ...recorded("Configure")])(
    "answers the provider's configuration in %s",
    async (_, { method, request, response }) => {
      expect(await plugin.call(method, request)).toEqual(response);
    },
  );

  it.each(recorded("Check"))("checks %s", async (_, { request, response }) => {
    const answer = await plugin.call("Check", request);

    expect(withName(answer, suffixOf(response!))).toEqual(response);
  });

  it.each(recorded("Diff"))("compares %s", async (_, call) => {
    await plugin.call("Configure", { args: argsOf(call) });

    expect(await plugin.call("Diff", call.request)).toEqual(call.response);
  });
});

/** Recordings 11 to 17 used a provider whose Secrets and ConfigMaps change in place. */
function argsOf({ recording }: Recorded): JsonObject {
  const mutable = Number.parseInt(recording, 10) > 10;
  return mutable ? { enableSecretMutable: "true", enableConfigMapMutable: "true" } : {};
}

/** Automatic names end in random digits: this puts others in their place. */
function withName(answer: JsonObject, suffix: string | undefined): JsonObject {
  const text = JSON.stringify(answer);
  const own = suffixOf(answer);
  return suffix === undefined || own === undefined
    ? answer
    : (JSON.parse(text.replaceAll(own, suffix)) as JsonObject);
}

function suffixOf(answer: JsonObject): string | undefined {
  return /"autonamed":"true".*?"name":"[^"]*(-[0-9a-f]{8})"/.exec(
    JSON.stringify(answer).replace("pulumi.com/", ""),
  )?.[1];
}
