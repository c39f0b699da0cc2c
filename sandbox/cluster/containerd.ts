import { readFileSync } from "node:fs";
import { join } from "node:path";

import { writeIfChanged } from "../host/configFile";
import { registryHost, type Instance } from "../host/instance";
import { inNode, runInNode } from "../host/node";
import { startService } from "../host/processes";
import type { Trust } from "../host/trust";
import { packPauseImage, pauseImage } from "./pauseImage";

/** Socket of containerd, inside the node. */
export const containerdSocket = "/run/containerd/containerd.sock";

/** Programs of the container runtime. */
export interface ContainerdPrograms {
  readonly containerd: string;
  readonly ctr: string;
  /** Folder with bridge, host-local, portmap and loopback. */
  readonly cni: string;
  readonly pause: string;
}

/** Starts containerd, configured with the pod network, the registry's CA and the pause image. */
export async function startContainerd(
  instance: Instance,
  trust: Trust,
  programs: ContainerdPrograms,
): Promise<void> {
  const folder = join(instance.root, "containerd-config");
  const certificates = join(folder, "certs.d", registryHost);
  const network = join(folder, "cni");

  // The configuration that an administrator writes on a node for a registry with a private CA. Without the `host`
  // table containerd 1.6 rejects hosts.toml.
  const authority = readFileSync(trust.authority.certificate, "utf8");
  writeIfChanged(join(certificates, "ca.crt"), authority);
  writeIfChanged(
    join(certificates, "hosts.toml"),
    `server = "https://${registryHost}"

[host."https://${registryHost}"]
  ca = "${join(certificates, "ca.crt")}"
`,
  );
  writeIfChanged(join(network, "10-slipway.conflist"), JSON.stringify(podNetwork(instance)));
  const configuration = writeIfChanged(
    join(folder, "config.toml"),
    `version = 2
root = "/var/lib/containerd"
state = "/run/containerd/state"
[grpc]
  address = "${containerdSocket}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${pauseImage}"
  # Without CAP_SYS_RESOURCE no process may lower its score, and every pod would fail to start.
  restrict_oom_score_adj = true
[plugins."io.containerd.grpc.v1.cri".cni]
  bin_dir = "${programs.cni}"
  conf_dir = "${network}"
[plugins."io.containerd.grpc.v1.cri".registry]
  config_path = "${join(folder, "certs.d")}"
`,
  );

  await startService(instance, {
    name: "containerd",
    command: inNode(instance, "node", [programs.containerd, "--config", configuration]),
    environment: { SSL_CERT_FILE: trust.bundle },
    reads: [configuration],
    ready: async () => {
      await runInNode(instance, [programs.ctr, "--address", containerdSocket, "version"]);
      return true;
    },
  });
  await runInNode(instance, [
    ...[programs.ctr, "--address", containerdSocket, "--namespace", "k8s.io"],
    ...["images", "import", await packPauseImage(join(instance.root, "pause"), programs.pause)],
  ]);
}

function podNetwork(instance: Instance): object {
  return {
    cniVersion: "0.4.0",
    name: "slipway",
    plugins: [
      {
        type: "bridge",
        bridge: "cni0",
        isGateway: true,
        ipMasq: true,
        hairpinMode: true,
        ipam: {
          type: "host-local",
          ranges: [[{ subnet: instance.addresses.pods }]],
          routes: [{ dst: "0.0.0.0/0" }],
        },
      },
      { type: "portmap", capabilities: { portMappings: true } },
    ],
  };
}
