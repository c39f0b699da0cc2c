import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { ensureAuthority, ensureLeaf } from "../../../sandbox/host/pki";
import { inSandbox } from "../../e2e/support/checkout";
import { registry } from "../../e2e/support/gitlab";
import type { ProjectVariables } from "./pipeline";
import type { Runner } from "./runner";

/** Its host name in the runner's network. */
const host = "remote-builder";
const port = 1234;

/**
 * Starts a BuildKit like a company's shared one for its runners: over TLS, for clients with a certificate.
 *
 * @returns the project's variables for it, as in docs/pipeline.md
 */
export async function startRemoteBuilder(
  folder: string,
  runner: Runner,
  authorities: string,
): Promise<ProjectVariables> {
  const certificates = join(folder, "remote-builder");
  mkdirSync(certificates, { recursive: true });
  const authority = await ensureAuthority(certificates, "ca");
  const server = await ensureLeaf(certificates, "server", authority, {
    commonName: "buildkit",
    hosts: [host],
  });
  const client = await ensureLeaf(certificates, "client", authority, { commonName: "runner" });
  writeFileSync(join(certificates, "gitlab.pem"), authorities);
  writeFileSync(
    join(certificates, "buildkitd.toml"),
    `${runner.buildkitConfiguration}[registry."${registry}"]\n  ca = ["${join(certificates, "gitlab.pem")}"]\n`,
  );
  await inSandbox(
    [
      // An earlier run may have left a container.
      `docker rm --force ${host} >/dev/null 2>&1; docker run --detach --privileged --network ${runner.network} --name ${host}`,
      `--volume ${certificates}:${certificates}:ro ${runner.extraHost}`,
      "moby/buildkit:buildx-stable-1",
      `--config ${join(certificates, "buildkitd.toml")} --addr tcp://0.0.0.0:${port}`,
      `--tlscacert ${authority.certificate} --tlscert ${server.certificate} --tlskey ${server.key}`,
    ].join(" "),
  );
  return {
    SLIPWAY_BUILDER: "remote",
    SLIPWAY_BUILDKIT_HOST: `tcp://${host}:${port}`,
    SLIPWAY_BUILDKIT_CA: readFileSync(authority.certificate, "utf8"),
    SLIPWAY_BUILDKIT_CERT: readFileSync(client.certificate, "utf8"),
    SLIPWAY_BUILDKIT_KEY: readFileSync(client.key, "utf8"),
  };
}
