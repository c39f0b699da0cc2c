import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { answers } from "../answers";
import type { Trust } from "../trust";
import { writeConfiguration } from "../configuration";
import { gitlabHost, projectPath, registryHost, repository, type Instance } from "../instance";
import { inNode } from "../node";
import { startService } from "../processes";

/** Claim `iss` of registry tokens, which the registry compares. */
export const tokenIssuer = "gitlab-issuer";

/** File with the personal access token that the program uses against the simulator. */
export function gitlabTokenFile(instance: Instance): string {
  return join(instance.root, "gitlab", "token");
}

/** Starts the GitLab simulator, with a group, the site's project and a Maintainer's token. */
export async function startGitLabSimulator(instance: Instance, trust: Trust): Promise<void> {
  const folder = join(instance.root, "gitlab");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const tokenFile = gitlabTokenFile(instance);
  if (!existsSync(tokenFile)) {
    writeFileSync(tokenFile, `glpat-${randomBytes(15).toString("base64url")}`, { mode: 0o600 });
  }
  const seed = writeConfiguration(
    join(folder, "seed.json"),
    JSON.stringify(computeSeed(tokenFile), null, 2),
  );

  await startService(instance, {
    name: "gitlab",
    command: inNode(instance, "node", [
      ...[process.execPath, "--import", require.resolve("tsx")],
      join(repository, "sandbox", "gitlab", "main.ts"),
      ...["--listen", `${instance.addresses.node}:443`, "--url", `https://${gitlabHost}`],
      ...["--registry", registryHost, "--issuer", tokenIssuer],
      ...["--tls-certificate", trust.gitlab.certificate, "--tls-key", trust.gitlab.key],
      ...["--signing-key", trust.tokenSigner.key, "--data", folder, "--seed", seed],
    ]),
    reads: [seed, trust.gitlab.certificate],
    ready: () =>
      answers({
        url: `https://${instance.addresses.node}/-/readiness`,
        authority: trust.authority.certificate,
      }),
  });
}

function computeSeed(tokenFile: string): object {
  const [group = "", project = ""] = projectPath.split("/");
  return { group, project, tokenFile };
}
