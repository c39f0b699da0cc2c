import { createHash } from "node:crypto";

import { Agent, request, type Dispatcher } from "undici";

import type { TokenSigner } from "./signer";

/** Media types of manifests, those of images first. */
export const manifestTypes = {
  image: [
    "application/vnd.docker.distribution.manifest.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
  ],
  index: [
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.index.v1+json",
  ],
} as const;

const acceptedTypes = [...manifestTypes.image, ...manifestTypes.index].join(", ");
const tokenLifeSeconds = 5 * 60;
const timeoutMs = 30_000;

/** A part of an image, as a manifest describes it. */
export interface Descriptor {
  readonly mediaType?: string;
  readonly digest: string;
  readonly size: number;
}

/** The manifest of a tag or a digest. */
export interface Manifest {
  readonly digest: string;
  readonly mediaType: string;
  readonly body: {
    readonly config?: Descriptor;
    readonly layers?: readonly Descriptor[];
    readonly manifests?: readonly Descriptor[];
  };
}

/** The registry doesn't answer, or its answer is unexpected. */
export class RegistryError extends Error {
  override readonly name = "RegistryError";
}

/** Address of the registry, and how to authenticate. */
export interface RegistryClientArgs {
  /** URL without a trailing slash. */
  readonly url: string;
  /** CA certificate that signed the registry's, PEM. @default those that Node trusts */
  readonly authority?: string;
  /** Claim `iss` of the tokens. */
  readonly issuer: string;
  /** Signs tokens by the machine's clock, because the registry has no other. */
  readonly signer: TokenSigner;
}

/** GitLab's client of its registry, with tokens that allow everything in one repository. */
export class RegistryClient {
  private readonly dispatcher: Agent;

  constructor(private readonly args: RegistryClientArgs) {
    this.dispatcher = new Agent({
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      connect: { timeout: timeoutMs, ...(args.authority && { ca: args.authority }) },
    });
  }

  /** Returns all tags of a repository, sorted by name; empty if the registry doesn't know the repository. */
  async listTags(repository: string): Promise<string[]> {
    const tags: string[] = [];
    let path: string | undefined = `/v2/${repository}/tags/list`;
    while (path !== undefined) {
      const answer: Answer = await this.send(repository, "GET", path, { missing: true });
      if (answer.status === 404) break;
      tags.push(...((JSON.parse(answer.text) as { tags: string[] | null }).tags ?? []));
      // The registry of Debian 12 returns all at once; later ones return pages.
      path = /^<([^>]*)>; *rel="next"/.exec(answer.header("link") ?? "")?.[1];
    }
    return tags.sort((one, other) => (one < other ? -1 : 1));
  }

  /** Returns the manifest of a tag or digest; `undefined` if there is none. */
  async findManifest(repository: string, reference: string): Promise<Manifest | undefined> {
    const answer = await this.send(
      repository,
      "GET",
      `/v2/${repository}/manifests/${encodeURIComponent(reference)}`,
      { headers: { accept: acceptedTypes }, missing: true },
    );
    if (answer.status === 404) return undefined;
    return {
      digest: answer.header("docker-content-digest") ?? digestOf(answer.text),
      mediaType: (answer.header("content-type") ?? "").split(";")[0] ?? "",
      body: JSON.parse(answer.text) as Manifest["body"],
    };
  }

  /** Returns a blob's text; `undefined` if there is none. */
  async findBlob(repository: string, digest: string): Promise<string | undefined> {
    const answer = await this.send(repository, "GET", `/v2/${repository}/blobs/${digest}`, {
      missing: true,
    });
    return answer.status === 404 ? undefined : answer.text;
  }

  /** Uploads a blob. */
  async putBlob(repository: string, content: string): Promise<Descriptor> {
    const digest = digestOf(content);
    const begun = await this.send(repository, "POST", `/v2/${repository}/blobs/uploads/`, {});
    const target = new URL(begun.header("location") ?? "", this.args.url);
    target.searchParams.set("digest", digest);
    await this.send(repository, "PUT", `${target.pathname}${target.search}`, {
      headers: { "content-type": "application/octet-stream" },
      body: content,
    });
    return { digest, size: Buffer.byteLength(content) };
  }

  /** Uploads a manifest under a tag, and returns its digest. */
  async putManifest(repository: string, tag: string, type: string, body: string): Promise<string> {
    const path = `/v2/${repository}/manifests/${encodeURIComponent(tag)}`;
    await this.send(repository, "PUT", path, { headers: { "content-type": type }, body });
    return digestOf(body);
  }

  /** Deletes a manifest, and so every tag that points to it. A missing manifest is not an error. */
  async deleteManifest(repository: string, digest: string): Promise<void> {
    const path = `/v2/${repository}/manifests/${digest}`;
    await this.send(repository, "DELETE", path, { missing: true });
  }

  /** Closes all connections. */
  close(): Promise<void> {
    return this.dispatcher.close();
  }

  private async send(
    repository: string,
    method: Dispatcher.HttpMethod,
    path: string,
    { headers, body, missing = false }: Sending,
  ): Promise<Answer> {
    const what = `${method} ${path.split("?")[0]}`;
    try {
      const token = await this.createToken(repository);
      const response = await request(new URL(path, this.args.url), {
        method,
        dispatcher: this.dispatcher,
        headers: { authorization: `Bearer ${token}`, ...headers },
        body,
      });
      const text = await response.body.text();
      const status = response.statusCode;
      if (status >= 400 && !(missing && status === 404)) {
        throw new RegistryError(`The registry answered ${status} to ${what}.`);
      }
      const header = (name: string): string | undefined => {
        const value = response.headers[name];
        return Array.isArray(value) ? value[0] : value;
      };
      return { status, text, header };
    } catch (error) {
      if (error instanceof RegistryError) throw error;
      throw new RegistryError(`The registry didn't answer to ${what}.`, { cause: error });
    }
  }

  private createToken(repository: string): Promise<string> {
    const access = [{ type: "repository", name: repository, actions: ["*"] }];
    const claims = { iss: this.args.issuer, aud: "container_registry", access };
    return this.args.signer.sign(claims, tokenLifeSeconds);
  }
}

interface Sending {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whether 404 is accepted. */
  readonly missing?: boolean;
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly header: (name: string) => string | undefined;
}

function digestOf(content: string): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}
