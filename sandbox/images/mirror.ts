import { readFileSync } from "node:fs";

import { Agent, request } from "undici";

/** The sandbox's registry that BuildKit uses for docker.io. */
export interface Mirror {
  /** Scheme, host and port. */
  readonly url: string;
  /** File of the CA that signed its certificate. */
  readonly authority?: string;
}

/** Annotation of a base image that names the inputs it was made from. */
export const inputsAnnotation = "dev.slipway.inputs";

const manifestType = "application/vnd.oci.image.manifest.v1+json";
const timeoutMs = 5000;

/**
 * Returns the inputs that the mirror's image was made from.
 *
 * @param image repository and tag, such as `library/node:24`
 * @returns `undefined` if the mirror has no such image, or it was not made here
 */
export async function findInputs(mirror: Mirror, image: string): Promise<string | undefined> {
  const [repository, tag] = image.split(":");
  const url = `${mirror.url}/v2/${repository}/manifests/${tag}`;
  const ca = mirror.authority === undefined ? undefined : readFileSync(mirror.authority);
  const dispatcher = new Agent({ connect: { ca } });
  try {
    const { statusCode, body } = await request(url, {
      dispatcher,
      headers: { accept: manifestType },
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await body.text();
    if (statusCode === 404) return undefined;
    if (statusCode !== 200)
      throw new Error(`Request failed with status code ${statusCode}: GET ${url}`);
    return (JSON.parse(text) as Manifest).annotations?.[inputsAnnotation];
  } finally {
    await dispatcher.close();
  }
}

interface Manifest {
  readonly annotations?: Readonly<Record<string, string>>;
}
