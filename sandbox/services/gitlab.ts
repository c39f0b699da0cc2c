import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { answers, ask } from "../answers";
import { writeConfiguration } from "../configuration";
import { gitlabHost, projectPath, registryHost, repository, type Instance } from "../instance";
import { inNode } from "../node";
import { startService } from "../processes";
import type { Trust } from "../trust";
import type { Seed } from "../gitlab/seed";

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
      ...["--registry-authority", trust.authority.certificate],
      ...["--tls-certificate", trust.gitlab.certificate, "--tls-key", trust.gitlab.key],
      ...["--signing-key", trust.tokenSigner.key, "--data", folder, "--seed", seed],
    ]),
    reads: [seed, tokenFile, trust.gitlab.certificate, trust.tokenSigner.certificate],
    ready: () =>
      answers({
        url: `https://${instance.addresses.node}/-/readiness`,
        authority: trust.authority.certificate,
      }),
  });
}

/**
 * Deletes the project's deploy tokens of a name, except those whose id a state has: an update that was
 * killed made them, and nobody knows their value.
 *
 * @param ids as the provider has them, `project:tokenId`
 */
export async function deleteDeployTokens(
  instance: Instance,
  trust: Trust,
  name: string,
  ids: readonly string[],
): Promise<void> {
  const url = `https://${instance.addresses.node}/api/v4/projects/${encodeURIComponent(projectPath)}/deploy_tokens`;
  const question = {
    authority: trust.authority.certificate,
    headers: { "PRIVATE-TOKEN": readFileSync(gitlabTokenFile(instance), "utf8") },
  };
  const tokens = JSON.parse(await ask({ ...question, url: `${url}?per_page=100` })) as {
    id: number;
    name: string;
  }[];
  const known = new Set(ids.map((id) => id.split(":").at(-1)));
  for (const token of tokens) {
    if (token.name !== name || known.has(String(token.id))) continue;
    await ask({ ...question, url: `${url}/${token.id}`, method: "DELETE", statuses: [204] });
  }
}

/** As GitLab's administrator sets it up for a team: its group, its project, and a bot that deploys. */
function computeSeed(tokenFile: string): Seed {
  const [group = ""] = projectPath.split("/");
  return {
    users: [
      {
        username: "slipway",
        name: "Slipway",
        personalAccessTokens: [{ name: "slipway", scopes: ["api"], valueFile: tokenFile }],
      },
    ],
    groups: [{ path: group }],
    projects: [{ path: projectPath }],
    members: [{ username: "slipway", role: "owner", group }],
  };
}
