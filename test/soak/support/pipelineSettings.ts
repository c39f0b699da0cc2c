import { readFileSync } from "node:fs";
import { join } from "node:path";

import { inSandbox } from "../../e2e/support/checkout";
import { ofProject, registry, type TestGitLab } from "../../e2e/support/gitlab";
import { clone, type ProjectVariables } from "./pipeline";
import type { Runner } from "./runner";

/** Prepares the project's variables as in docs/pipeline.md, each for its environments. */
export async function prepareSettings(
  gitlab: TestGitLab,
  runner: Runner,
): Promise<ProjectVariables> {
  const names = [
    ...["PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE_FILE", "PULUMI_HOME"],
    "NODE_EXTRA_CA_CERTS",
  ];
  const values = await inSandbox(names.map((name) => `echo "$${name}"`).join("; "));
  const [backend = "", passphraseFile = "", home = "", authorities = ""] = values.split("\n");
  const pull = await gitlab.api<{ username: string; token: string }>(
    "POST",
    `/${ofProject}/deploy_tokens`,
    { name: "review", scopes: ["read_registry"] },
  );
  // Review environments have their own state, and therefore their own passphrase.
  await inSandbox(`mkdir -p ${join(clone, "..", "review-state")}`);
  const stacks = ["dev", "staging", "prod", "preview/dev"];
  const forStacks = (value: string) => Object.fromEntries(stacks.map((stack) => [stack, value]));
  return {
    PULUMI_HOME: home,
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_BACKEND_URL: forStacks(backend),
    PULUMI_CONFIG_PASSPHRASE: forStacks(readFileSync(passphraseFile, "utf8").trim()),
    GITLAB_TOKEN: forStacks(gitlab.token),
    SLIPWAY_KUBECONFIG: await inSandbox("kubectl config view --raw --flatten"),
    // GitLab's CA, and the CA of a closed network's mirror of the package registries.
    SLIPWAY_CA_CERTIFICATE: readFileSync(authorities, "utf8"),
    SLIPWAY_BUILDER: "dind",
    // Path in the stand-in for the scanner's image.
    GRYPE_DB_CACHE_DIR: "/database",
    GRYPE_DB_AUTO_UPDATE: "false",
    SLIPWAY_BUILDKIT_CONFIG: runner.buildkitConfiguration,
    SLIPWAY_NOTE_TOKEN: { "preview/dev": gitlab.token },
    SLIPWAY_REVIEW_BACKEND_URL: `file://${join(clone, "..", "review-state")}`,
    SLIPWAY_REVIEW_PASSPHRASE: "review-passphrase",
    SLIPWAY_REVIEW_PULL_USER: pull.username,
    SLIPWAY_REVIEW_PULL_TOKEN: pull.token,
    CI_REGISTRY: registry,
  };
}
