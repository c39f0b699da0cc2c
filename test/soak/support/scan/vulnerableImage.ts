import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { findPrograms } from "../../../../sandbox/tools/programs";
import { inSandbox } from "../../../e2e/support/checkout";
import { project, registry } from "../../../e2e/support/gitlab";

/** Credentials for the push. */
interface Login {
  readonly username: string;
  readonly password: string;
}

/**
 * Creates an image with a known vulnerability on each platform from the deployed one, and pushes it.
 *
 * @returns its name, with the digest of the index
 */
export async function pushVulnerableImage(
  work: string,
  site: string,
  { username, password }: Login,
): Promise<string> {
  const name = `${registry}/${project}/scan`;
  mkdirSync(work, { recursive: true });
  const folder = mkdtempSync(join(work, "build-"));
  const auth = Buffer.from(`${username}:${password}`).toString("base64");
  const login = { auths: { [registry]: { auth } } };
  writeFileSync(join(folder, "config.json"), JSON.stringify(login), { mode: 0o600 });

  const { buildctl } = await findPrograms();
  const options = [
    ...[
      "--frontend dockerfile.v0",
      `--local context=${__dirname}`,
      `--local dockerfile=${__dirname}`,
    ],
    ...["--opt platform=linux/amd64,linux/arm64", `--opt build-arg:SITE=${site}`],
    ...[`--output type=image,name=${name},push=true`, `--metadata-file ${folder}/metadata.json`],
  ].join(" ");
  const address = `$(sed -E 's/.*"Endpoint":"([^"]+)".*/\\1/' "$BUILDX_CONFIG/instances/slipway")`;
  // The program requests the token from GitLab itself, so it needs the sandbox's host names.
  await inSandbox(
    `export DOCKER_CONFIG=${folder}; unshare --mount sh -ec 'mount --bind .sandbox/test/hosts /etc/hosts; exec "$@"' sh ${buildctl} --addr "${address}" --timeout 60 build ${options}`,
  );
  const metadata = JSON.parse(readFileSync(join(folder, "metadata.json"), "utf8")) as {
    "containerimage.digest": string;
  };
  return `${name}@${metadata["containerimage.digest"]}`;
}
