import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { parse, stringify } from "yaml";

import { repository, type Instance } from "../host/instance";
import { pulumiFolders } from "./environment";
import { writeModuleRunner } from "./installPlugins";

/** Runtime without a language plugin: the engine then runs `pulumi-analyzer-policy-<runtime>`. */
const policyRuntime = "slipway-sandbox";

/** Variables that the engine sets for policy packs, but with the prefix of Node's SDK only if the runtime is `nodejs`. */
const variables = ["ORGANIZATION", "PROJECT", "STACK", "DRY_RUN"];

/**
 * Writes a copy of the policy pack that Pulumi can start here, to `.sandbox/<name>/policy`. The language host of this
 * sandbox can't run policy packs, so the copy names another runtime, whose executable runs the same code.
 *
 * @returns the copy's folder, for `pulumi preview --policy-pack`
 */
export function installPolicyPack(
  instance: Pick<Instance, "root">,
  pack = join(repository, "policy"),
): string {
  const folder = join(instance.root, "policy");
  mkdirSync(folder, { recursive: true });
  const project = parse(readFileSync(join(pack, "PulumiPolicy.yaml"), "utf8")) as object;
  writeFileSync(
    join(folder, "PulumiPolicy.yaml"),
    stringify({ ...project, runtime: policyRuntime }),
  );
  const manifest = JSON.parse(readFileSync(join(pack, "package.json"), "utf8")) as {
    readonly main: string;
    readonly version: string;
  };
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ ...manifest, main: join(pack, manifest.main) }),
  );
  const { home } = pulumiFolders(instance);
  writeModuleRunner(
    // Pulumi finds it on PATH too, but then warns each time.
    join(
      home,
      "plugins",
      `analyzer-policy-${policyRuntime}-v${manifest.version}`,
      `pulumi-analyzer-policy-${policyRuntime}`,
    ),
    "run-policy-pack",
    variables.map((name) => `export PULUMI_NODEJS_${name}="$PULUMI_${name}"\n`).join(""),
  );
  return folder;
}
