import { RegistryError, type RegistryClient } from "../registry/registryClient";

/**
 * Why a version tag can't stand for a release: it stands for another one, or that can't be found out. A
 * version is released once; who deploys or rolls back to it must get what was released.
 *
 * @param permitted the release, `<version>@<digest>`, that the tag may be taken from
 * @returns nothing when the tag is free, stands for the release already, or may be taken
 */
export async function findVersionProblem(
  reader: Pick<RegistryClient, "repository" | "findDigest">,
  version: string,
  digest: string,
  permitted?: string,
): Promise<string | undefined> {
  const target = `${reader.repository}:${version}`;
  try {
    const existing = await reader.findDigest(version);
    if (existing === undefined || existing === digest || permitted === `${version}@${existing}`) {
      return undefined;
    }
    return [
      `\`${target}\` is ${existing} already, and this update has ${digest}: nothing was tagged.`,
      "A version stays what it was released as. Tag the commit with a new version, or,",
      `if this is the same version on patched base images, let it replace that one:\n    pulumi config set replaceVersion ${version}@${existing}`,
    ].join(" ");
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    return `Whether \`${target}\` exists can't be found out, so nothing was tagged. ${error.message}`;
  }
}
