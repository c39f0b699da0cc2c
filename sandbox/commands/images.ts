import { join } from "node:path";

import { ensureTrust, readLocalAuthorities } from "../host/trust";
import { makeFurtherImages } from "../images/furtherImages";
import { buildkitAddress } from "../services/buildkit";
import { locateMirror } from "../services/registry";
import { cacheFolder } from "../tools/cache";
import { startSandbox } from "./up";

/**
 * `make images`: starts the sandbox, and creates equivalents of official images that a site's own Dockerfile names, in
 * addition to those that `make up` creates.
 */
export async function makeImages(images: readonly string[], name?: string): Promise<void> {
  const { instance, programs } = await startSandbox(name);
  const options = {
    toolPaths: programs,
    buildkitAddress: buildkitAddress(instance),
    mirror: locateMirror(instance, await ensureTrust(instance)),
    workDirectory: join(cacheFolder(process.env), "images"),
    authorities: readLocalAuthorities().join("\n"),
    progress: (line: string) => console.log(line),
  };
  await makeFurtherImages(options, images);
}
