import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { answers, ask } from "../answers";
import { writeConfiguration } from "../configuration";
import { gitlabHost, projectPath, registryHost, repository, type Instance } from "../instance";
import { inNode } from "../node";
import { startService } from "../processes";
import { computeExampleSeed } from "../gitlab/exampleSeed";
import type { Seed } from "../gitlab/seed";
import type { Trust } from "../trust";

/** Claim `iss` of registry tokens, which the registry compares. */
export const tokenIssuer = "gitlab-issuer";

/** File with the personal access token that the program uses against the simulator. */
export function gitlabTokenFile(instance: Instance): string {
  return join(instance.root, "gitlab", "token");
}

/** URL of the simulator's control endpoint: what happened, and what is to go wrong. */
export function gitlabControlUrl(instance: Instance): string {
  return `http://${controlAddress(instance)}`;
}

function controlAddress(instance: Instance): string {
  return `${instance.addresses.node}:8081`;
}

/** Starts the GitLab simulator, with a group, the site's project, and people of every role. */
export async function startGitLabSimulator(instance: Instance, trust: Trust): Promise<void> {
  const folder = join(instance.root, "gitlab");
  const tokenFile = gitlabTokenFile(instance);
  const seed = writeConfiguration(
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

/** The seed, and the files with the tokens that it names; those that are there are kept. */
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
