import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

import { Agent, request } from "undici";

import { inSandbox } from "../../e2e/support/checkout";
import { project } from "../../e2e/support/gitlab";

const manifestType = "application/vnd.oci.image.manifest.v1+json";
const accept = `application/vnd.oci.image.index.v1+json, ${manifestType}`;
const digestOf = (text: string): string =>
  `sha256:${createHash("sha256").update(text).digest("hex")}`;

interface Manifest {
  readonly mediaType?: string;
  readonly config: { readonly digest: string };
  readonly manifests?: readonly { readonly digest: string }[];
}

/**
 * Copies an image of the sandbox's registry as one for another processor: only its configuration differs.
 *
 * @returns the digest of the copy
 */
export async function copyForPlatform(digest: string, architecture: string): Promise<string> {
  const [control = "", authority = "", token = ""] = (
    await inSandbox('printf "%s\\n" "$SLIPWAY_GITLAB_CONTROL" "$SSL_CERT_FILE" "$GITLAB_TOKEN"')
  ).split("\n");
  // The certificate has the address too, which needs no name from the sandbox's hosts file.
  const { hostname } = new URL(control);
  const dispatcher = new Agent({ connect: { ca: readFileSync(authority) } });
  const base = `https://${hostname}:5050/v2/${project}`;
  const send = async (
    url: string,
    authorization: string,
    method: "GET" | "POST" | "PUT" = "GET",
    body?: string,
    type = "application/octet-stream",
  ) => {
    const headers = { authorization, accept, ...(body !== undefined && { "content-type": type }) };
    const answer = await request(url, { dispatcher, method, headers, body });
    const text = await answer.body.text();
    if (answer.statusCode >= 400) throw new Error(`${method} ${url}: ${answer.statusCode} ${text}`);
    return { text, location: String(answer.headers.location) };
  };
  try {
    const scope = `service=container_registry&scope=repository:${project}:pull,push`;
    const basic = `Basic ${Buffer.from(`root:${token}`).toString("base64")}`;
    const granted = await send(`https://${hostname}/jwt/auth?${scope}`, basic);
    const bearer = `Bearer ${(JSON.parse(granted.text) as { token: string }).token}`;
    const read = async <T>(path: string): Promise<T> =>
      JSON.parse((await send(`${base}/${path}`, bearer)).text) as T;

    const top = await read<Manifest>(`manifests/${digest}`);
    const [first] = top.manifests ?? [];
    const manifest = first ? await read<Manifest>(`manifests/${first.digest}`) : top;
    const config = await read<object>(`blobs/${manifest.config.digest}`);
    const text = JSON.stringify({ ...config, architecture });
    const { location } = await send(`${base}/blobs/uploads/`, bearer, "POST");
    const upload = new URL(location);
    upload.hostname = hostname;
    upload.searchParams.set("digest", digestOf(text));
    await send(upload.href, bearer, "PUT", text);
    const changed = { ...manifest.config, digest: digestOf(text), size: text.length };
    const copy = JSON.stringify({ ...manifest, config: changed });
    const type = manifest.mediaType ?? manifestType;
    await send(`${base}/manifests/${architecture}`, bearer, "PUT", copy, type);
    return digestOf(copy);
  } finally {
    await dispatcher.close();
  }
}
