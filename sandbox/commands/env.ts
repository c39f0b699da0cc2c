import { ensureClusterCredentials } from "../cluster/clusterCredentials";
import { computeEnvironment } from "../pulumi/environment";
import { instanceExists, openInstance } from "../host/instance";
import { quote } from "../host/quote";
import { gitlabTokenFile } from "../services/gitlab";
import { ensureTrust } from "../host/trust";

/**
 * `make env`: prints the sandbox's environment as `export` lines. The lines don't contain the GitLab token: the shell
 * reads it from its file.
 */
export async function printEnvironment(
  name = process.env["SLIPWAY_SANDBOX"] ?? "dev",
): Promise<void> {
  if (!instanceExists(name)) throw new Error("There is no sandbox yet: run `make up` first.");
  const instance = openInstance(name);
  const tokenFile = gitlabTokenFile(instance);
  const variables = computeEnvironment(
    instance,
    await ensureTrust(instance),
    await ensureClusterCredentials(instance),
  );
  for (const [variable, value] of Object.entries(variables)) {
    const text = variable === "GITLAB_TOKEN" ? `"$(cat ${quote(tokenFile)})"` : quote(value);
    console.log(`export ${variable}=${text}`);
  }
}
