import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { probe } from "../host/probe";
import { writeIfChanged } from "../host/configFile";
import { gitlabHost, projectPath, registryHost, repository, type Instance } from "../host/instance";
import { inNode } from "../host/node";
import { startService } from "../host/processes";
import { computeExampleSeed } from "../gitlab/seed/exampleSeed";
import type { Seed } from "../gitlab/seed/seed";
import type { Trust } from "../host/trust";

/** Claim `iss` of registry tokens, which the registry checks. */
export const tokenIssuer = "gitlab-issuer";

/** File with the personal access token with which the program uses the simulator. */
export function gitlabTokenFile(instance: Instance): string {
  return join(instance.root, "gitlab", "token");
}

/** URL of the simulator's control endpoint, which lists events and injects faults. */
export function gitlabControlUrl(instance: Instance): string {
  return `http://${controlAddress(instance)}`;
}

function controlAddress(instance: Instance): string {
  return `${instance.addresses.node}:8081`;
}

/** Starts the GitLab simulator, with a group, the site's project, and a user of every role. */
export async function startGitLabSimulator(instance: Instance, trust: Trust): Promise<void> {
  const folder = join(instance.root, "gitlab");
  const tokenFile = gitlabTokenFile(instance);
  const seed = writeIfChanged(
    join(folder, "seed.json"),
    JSON.stringify(prepareSeed(folder, tokenFile), null, 2),
  );

  await startService(instance, {
    name: "gitlab",
    command: inNode(instance, "node", [
      ...[process.execPath, "--import", require.resolve("tsx")],
      join(repository, "sandbox", "gitlab", "main.ts"),
      ...["--listen", `${instance.addresses.node}:443`, "--url", `https://${gitlabHost}`],
      ...["--control", controlAddress(instance)],
      ...["--registry", registryHost, "--issuer", tokenIssuer],
      ...["--registry-authority", trust.authority.certificate],
      ...["--tls-certificate", trust.gitlab.certificate, "--tls-key", trust.gitlab.key],
      ...["--signing-key", trust.tokenSigner.key, "--data", folder, "--seed", seed],
    ]),
    reads: [seed, tokenFile, trust.gitlab.certificate, trust.tokenSigner.certificate],
    ready: () =>
      probe({
        url: `https://${instance.addresses.node}/-/readiness`,
        authority: trust.authority.certificate,
      }),
  });
}

/** Returns the seed, and creates the files with its tokens; existing files are kept. */
function prepareSeed(folder: string, botTokenFile: string): Seed {
  const ensureToken = (file: string): string => {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    if (!existsSync(file)) {
      writeFileSync(file, `glpat-${randomBytes(15).toString("base64url")}`, { mode: 0o600 });
    }
    return file;
  };
  return computeExampleSeed({
    project: projectPath,
    botTokenFile: ensureToken(botTokenFile),
    tokenFile: (username) => ensureToken(join(folder, "tokens", username)),
  });
}
