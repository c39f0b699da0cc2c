import { readFileSync } from "node:fs";
import type { Readable } from "node:stream";

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
/** A layer of a few dozen megabytes on a busy machine. */
const timeoutMs = 60_000;

/**
 * Returns the inputs that the mirror's image was made from.
 *
 * @param image repository and tag, such as `library/node:24`
 * @returns `undefined` if the mirror has no such image, or it was not made here
 */
export async function findInputs(mirror: Mirror, image: string): Promise<string | undefined> {
  const [repository, tag] = image.split(":");
  const path = `/v2/${repository}/manifests/${tag}`;
  const { statusCode, text } = await requestMirror(mirror, path, {
    headers: { accept: manifestType },
    allowed: [404],
  });
  if (statusCode === 404) return undefined;
  return (JSON.parse(text) as Manifest).annotations?.[inputsAnnotation];
}

interface Manifest {
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Options of {@link requestMirror}. */
interface MirrorRequest {
  /** @default GET */
  readonly method?: "GET" | "POST" | "PUT";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | Readable;
  /** Statuses that are no error, beside those of success. */
  readonly allowed?: readonly number[];
}

/**
 * Sends a request to the mirror.
 *
 * @throws Error that names the request if the mirror refuses it
 */
export async function requestMirror(
  mirror: Mirror,
  path: string,
  { allowed = [], body, headers = {}, method = "GET" }: MirrorRequest,
) {
  const url = `${mirror.url}${path}`;
  const ca = mirror.authority === undefined ? undefined : readFileSync(mirror.authority);
  const dispatcher = new Agent({ connect: { ca } });
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const answer = await request(url, { dispatcher, method, headers, body, signal });
    const { statusCode } = answer;
    const text = await answer.body.text();
    if (Math.floor(statusCode / 100) !== 2 && !allowed.includes(statusCode))
      throw new Error(`Request failed with status code ${statusCode}: ${method} ${url}`);
    return { statusCode, text, headers: answer.headers };
  } finally {
    await dispatcher.close();
  }
}
