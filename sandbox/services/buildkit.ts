import { join } from "node:path";

import { writeIfChanged } from "../host/configFile";
import { registryHost, type Instance } from "../host/instance";
import { inNode } from "../host/node";
import { startService } from "../host/processes";
import type { Trust } from "../host/trust";
import { mirrorHost } from "./registry";
import { run } from "../host/run";

/** Name of the builder in `docker buildx ls`, which the program uses. */
const builderName = "slipway";

/** Address of BuildKit. */
export function buildkitAddress(instance: Instance): string {
  return `unix://${join(instance.run, "buildkitd.sock")}`;
}

/** Programs that BuildKit needs. */
export interface BuildKitPrograms {
  readonly buildkitd: string;
  readonly buildctl: string;
}

/**
 * Starts BuildKit, and registers it for buildx clients as a builder of driver `remote`. Its build steps use the
 * machine's network, since they install packages.
 */
export async function startBuildKit(
  instance: Instance,
  trust: Trust,
  programs: BuildKitPrograms,
): Promise<void> {
  const folder = join(instance.root, "buildkit");
  const configuration = writeIfChanged(
    join(folder, "buildkitd.toml"),
    renderConfiguration(instance, trust),
  );
  writeBuilder(instance);

  const address = buildkitAddress(instance);
  await startService(instance, {
    name: "buildkit",
    command: inNode(instance, "machine", [
      ...[programs.buildkitd, "--config", configuration, "--addr", address],
      ...["--root", join(folder, "root")],
    ]),
    environment: { SSL_CERT_FILE: trust.bundle },
    reads: [configuration, trust.bundle],
    ready: async () => {
      await run(programs.buildctl, ["--addr", address, "debug", "workers"], { timeout: 5000 });
      return true;
    },
  });
}

/** Folder for `BUILDX_CONFIG`. */
export function buildxFolder(instance: Instance): string {
  return join(instance.root, "buildx");
}

function renderConfiguration(instance: Instance, trust: Trust): string {
  const ca = JSON.stringify([trust.authority.certificate]);
  return `[worker.oci]
  enabled = true
  networkMode = "host"
  snapshotter = "overlayfs"
[worker.containerd]
  enabled = false
[registry."docker.io"]
  mirrors = ["${mirrorHost(instance)}"]
[registry."${mirrorHost(instance)}"]
  ca = ${ca}
[registry."${registryHost}"]
  ca = ${ca}
`;
}

/** Writes the files that `docker buildx create --driver remote` would write, without needing that program. */
function writeBuilder(instance: Instance): void {
  const node = {
    Name: `${builderName}0`,
    Endpoint: buildkitAddress(instance),
    Platforms: null,
    DriverOpts: null,
    Flags: null,
    Files: null,
  };
  writeIfChanged(
    join(buildxFolder(instance), "instances", builderName),
    JSON.stringify({ Name: builderName, Driver: "remote", Nodes: [node], Dynamic: false }),
  );
}
