import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { repository, type Instance } from "../host/instance";
import { writeModuleRunner } from "./installPlugins";

/**
 * Writes an executable that Pulumi can start as the policy pack, to `.sandbox/<name>/policy`. The language host of this
 * sandbox can't run policy packs.
 *
 * @returns its path, for `pulumi preview --policy-pack`
 */
export function installPolicyPack(
  instance: Pick<Instance, "root">,
  pack = join(repository, "policy"),
): string {
  const folder = join(instance.root, "policy");
  mkdirSync(folder, { recursive: true });
  const manifest = JSON.parse(readFileSync(join(pack, "package.json"), "utf8")) as {
    readonly main: string;
  };
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ ...manifest, main: join(pack, manifest.main) }),
  );
  const runner = join(folder, "run");
  writeModuleRunner(runner, "run-policy-pack");
  const proxy = join(__dirname, "policyProxy.ts");
  const file = join(folder, "slipway");
  writeFileSync(
    file,
    `#!/bin/sh\nexec node --import '${require.resolve("tsx")}' '${proxy}' '${runner}' "$@"\n`,
    { mode: 0o755 },
  );
  return file;
}
