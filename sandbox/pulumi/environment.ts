import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

import type { ClusterCredentials } from "../cluster/clusterCredentials";
import { writeIfChanged } from "../host/configFile";
import { repository, type Instance } from "../host/instance";
import { hostsFile } from "../host/node";
import { instanceVariable } from "../host/processes";
import { quote } from "../host/quote";
import { buildxFolder } from "../services/buildkit";
import { isDockerRunning } from "../services/docker";
import { gitlabControlUrl, gitlabTokenFile } from "../services/gitlab";
import type { Trust } from "../host/trust";

/** Programs that query GitLab or the registry; each gets a wrapper that knows the sandbox's host names. */
const wrapped = ["curl", "docker", "getent", "node", "npx", "openssl", "skopeo"];

/** Folders of the sandbox's Pulumi. */
export function pulumiFolders(instance: Pick<Instance, "root">): { home: string; backend: string } {
  return {
    home: join(instance.root, "pulumi", "home"),
    backend: join(instance.root, "pulumi", "state"),
  };
}

/** Environment of `pulumi`, `kubectl` and `npx slipway` for this sandbox, including the GitLab token. */
export function computeEnvironment(
  instance: Instance,
  trust: Trust,
  credentials: ClusterCredentials,
): Record<string, string> {
  const { home, backend } = pulumiFolders(instance);
  return {
    PATH: [binFolder(instance), pathWithoutSandboxes()].join(delimiter),
    PULUMI_HOME: home,
    PULUMI_BACKEND_URL: `file://${backend}`,
    PULUMI_CONFIG_PASSPHRASE_FILE: join(instance.root, "pulumi", "passphrase"),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // A closed network can't download plugins, and all that are needed are installed.
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    // The salt of the stack's key stays in the state: each sandbox has its own, and the repository has
    // Pulumi.dev.yaml.
    PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true",
    KUBECONFIG: credentials.kubeconfigs.admin,
    BUILDX_CONFIG: buildxFolder(instance),
    SSL_CERT_FILE: trust.bundle,
    NODE_EXTRA_CA_CERTS: trust.extra,
    SLIPWAY_SANDBOX: instance.name,
    SLIPWAY_GITLAB_CONTROL: gitlabControlUrl(instance),
    GITLAB_TOKEN: readFileSync(gitlabTokenFile(instance), "utf8"),
  };
}

/**
 * Returns PATH without the folders of this and of other checkouts' sandboxes. A wrapper that found itself in place of
 * the program would call itself forever.
 */
export function pathWithoutSandboxes(path = process.env["PATH"] ?? ""): string {
  return path
    .split(delimiter)
    .filter((folder) => !/\/\.sandbox\/[^/]+\/bin$/.test(folder))
    .join(delimiter);
}

/** Creates the folders, the passphrase and the wrappers that the environment names. */
export function prepareEnvironment(
  instance: Instance,
  programs: Readonly<Record<"pulumi" | "kubectl", string>>,
): void {
  const { home, backend } = pulumiFolders(instance);
  for (const folder of [home, backend, binFolder(instance)]) mkdirSync(folder, { recursive: true });
  const passphrase = join(instance.root, "pulumi", "passphrase");
  if (!existsSync(passphrase)) {
    writeFileSync(passphrase, randomBytes(32).toString("base64url"), { mode: 0o600 });
  }

  for (const name of wrapped) {
    // `make docker` wrote a `docker` that uses its engine.
    if (name === "docker" && isDockerRunning(instance)) continue;
    const program = name === "node" ? process.execPath : findOnPath(name);
    if (program !== undefined) writeWrapper(instance, name, program);
  }
  writeWrapper(instance, "pulumi", programs.pulumi, keepStackFiles(instance));
  writeWrapper(instance, "kubectl", programs.kubectl);
}

/**
 * Keeps Pulumi from changing the stack's file. Pulumi writes the key's salt from the state into it when it can, but
 * the repository has this file, so only `pulumi config` may write it. A new stack needs a writable file, so it gets a
 * copy. The variable lets `make down` find the plugins of a killed Pulumi.
 */
const keepStackFiles = (instance: Instance): string => `
  export ${instanceVariable}=${instance.id}
  case " $* " in
    *" config "*) ;;
    *" stack init "*) for file in ${quote(repository)}/Pulumi.*.yaml; do
         copy=$(mktemp); cat "$file" > "$copy"; mount --bind "$copy" "$file"; rm "$copy"
       done ;;
    *) for file in ${quote(repository)}/Pulumi.*.yaml; do
         mount --bind "$file" "$file"; mount -o remount,bind,ro "$file"
       done ;;
  esac`;

/** Writes a program that runs another one with the sandbox's /etc/hosts, in a mount namespace that ends with it. */
export function writeWrapper(
  instance: Instance,
  name: string,
  program: string,
  prepare = "",
): void {
  const file = join(binFolder(instance), name);
  writeIfChanged(
    file,
    `#!/bin/sh
# Runs ${name} with this sandbox's names: see sandbox/pulumi/environment.ts.
${name === "node" ? "" : noteIfStopped(instance)}
exec unshare --mount -- sh -ec '
  mount --bind "$0" /etc/hosts${prepare.replaceAll("'", `'"'"'`)}
  program=$1; shift; exec "$program" "$@"
' ${quote(hostsFile(instance))} ${quote(program)} "$@"
`,
  );
  chmodSync(file, 0o755);
}

/**
 * Shell line that says, once, that the sandbox is stopped: otherwise the programs only say that something does not
 * answer. The kernel removes the link when the sandbox's node ends. `node` does not say it, since `make up` uses it.
 */
export function noteIfStopped({ label }: Pick<Instance, "label">): string {
  return `[ -e /sys/class/net/${label} ] || [ -n "$SLIPWAY_STOPPED" ] || { export SLIPWAY_STOPPED=said; echo 'note: the sandbox is stopped, so GitLab, the registry and the cluster do not answer. To start it: make up' >&2; }`;
}

/** Folder of the programs that know the sandbox's host names; the first folder on its PATH. */
function binFolder(instance: Instance): string {
  return join(instance.root, "bin");
}

function findOnPath(name: string): string | undefined {
  return pathWithoutSandboxes()
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file));
}
