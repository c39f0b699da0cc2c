import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";

import { findPrograms } from "../../../sandbox/tools/programs";
import { cacheFolder } from "../../../sandbox/tools/cache";
import { ensureTools } from "../../../sandbox/tools/ensure";
import { checkout, inSandbox, make } from "../../e2e/support/checkout";
import { buildctl } from "../../e2e/support/services";
import { makeDatabase } from "./scan/database";

/** Stages of runner/Dockerfile, and the image names in the pipeline and in `gitlab-ci-local`. */
const images = {
  job: ["pulumi/pulumi:3.259.0", "library/node:24-bookworm", "firecow/gitlab-ci-local-util:latest"],
  dind: ["library/docker:29-dind"],
  buildkit: ["moby/buildkit:buildx-stable-1"],
  rootless: ["moby/buildkit:v0.31.0-rootless"],
  scanner: ["anchore/grype:v0.121.2-debug"],
} as const;

/** A GitLab runner with the Docker executor. */
export interface Runner {
  /** The settings of its `config.toml`, as options of `gitlab-ci-local`. */
  readonly options: readonly string[];
  /** Docker network of its jobs. */
  readonly network: string;
  /** Option of `docker run` with which a container knows GitLab's address. */
  readonly extraHost: string;
  /** BuildKit's configuration in the sandbox: where to find docker.io's images. */
  readonly buildkitConfiguration: string;
}

/** Starts the sandbox's Docker engine, and builds the images for jobs and their services. */
export async function prepareRunner(folder: string): Promise<Runner> {
  await make("docker");
  const address = await inSandbox("getent hosts gitlab.thelinuxlabs.com | cut -d ' ' -f 1");
  const mirror = `${address.trim()}:5051`;
  await makeImages(mirror);

  mkdirSync(folder, { recursive: true });
  const daemon = join(folder, "daemon.json");
  const runtime = join(checkout, ".sandbox", "test", "docker", "runtime");
  writeFileSync(
    daemon,
    JSON.stringify({
      "registry-mirrors": [`https://${mirror}`],
      "insecure-registries": [mirror],
      "exec-opts": ["native.cgroupdriver=cgroupfs"],
      runtimes: { sandbox: { path: runtime } },
      "default-runtime": "sandbox",
    }),
  );
  const cache = cacheFolder(process.env);
  const modules = realpathSync(join(checkout, "node_modules"));
  const volumes = [
    `${cache}:${cache}:ro`,
    `${checkout}:${checkout}`,
    `${modules}:${modules}:ro`,
    `${daemon}:/etc/docker/daemon.json:ro`,
    // As docs/pipeline.md says for `dind`. A new volume each time, since the certificates are created again.
    `certificates-${Date.now()}:/certs/client`,
  ];
  const network = "runner";
  await inSandbox(`docker network inspect ${network} || docker network create ${network}`);
  const extraHost = `gitlab.thelinuxlabs.com:${address.trim()}`;
  return {
    options: [
      ...["--privileged", "--pull-policy", "always", "--network", network],
      ...["--extra-host", extraHost],
      ...volumes.flatMap((volume) => ["--volume", volume]),
    ],
    network,
    extraHost: `--add-host ${extraHost}`,
    buildkitConfiguration: `[registry."docker.io"]
  mirrors = ["${mirror}"]
[registry."${mirror}"]
  insecure = true
`,
  };
}

async function makeImages(mirror: string): Promise<void> {
  const programs = await findPrograms();
  const tools = await ensureTools([
    ...["buildx", "busybox", "docker", "dockerd", "grype", "iptables", "runc"],
  ]);
  const path = (name: string): string => tools.get(name)?.path ?? name;

  const context = mkdtempSync(join(tmpdir(), "runner-images-"));
  cpSync(join(__dirname, "runner"), context, { recursive: true });
  const copied = {
    "docker-buildx": path("buildx"),
    buildkitd: programs.buildkitd,
    buildctl: programs.buildctl,
    busybox: path("busybox"),
    grype: path("grype"),
    runc: path("runc"),
  };
  for (const [name, file] of Object.entries(copied)) {
    cpSync(realpathSync(file), join(context, name));
  }
  const pki = join(checkout, ".sandbox", "test", "pki");
  await makeDatabase(join(context, "database"), join(context, "mirror"), pki);
  const found = [programs.pulumi, programs.kubectl, programs.containerd];
  const folders = [...found, ...["docker", "iptables", "runc"].map(path)].map(dirname);
  for (const [target, names] of Object.entries(images)) {
    const all = names.map((name) => `${mirror}/${name}`).join(",");
    await buildctl(
      ...["build", "--frontend", "dockerfile.v0", "--progress", "plain"],
      ...["--local", `context=${context}`, "--local", `dockerfile=${context}`],
      ...["--opt", `target=${target}`],
      ...["--opt", `build-arg:PROGRAMS=${[...new Set(folders)].join(delimiter)}`],
      ...["--output", `type=image,"name=${all}",push=true`],
    );
  }
  rmSync(context, { recursive: true });
}
