import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { ImageOptions } from "../../../../sandbox/images/image";

/** A mirror, and the programs that make images, as far as anything here can see what they do. */
export class FakeImageWorkshop {
  /** Status of the mirror's answers. */
  status = 200;
  /** By image, the annotations of its manifest, as the pushes leave them. */
  readonly manifests = new Map<string, Record<string, string>>();
  /** Every program that ran, with its arguments. */
  readonly commands: string[][] = [];
  /** Address of Debian's packages. */
  archive = "http://archive.test/debian/";
  /** Program that fails. */
  failing: string | undefined;

  private readonly folder = mkdtempSync(join(tmpdir(), "base-images-"));
  /** Uploads, as their method, path and length. */
  readonly uploads: string[] = [];
  private readonly registry = http.createServer((request, response) => {
    void this.answer(request, response);
  });

  static async start(): Promise<FakeImageWorkshop> {
    const workshop = new FakeImageWorkshop();
    await new Promise<void>((resolve) => workshop.registry.listen(0, "127.0.0.1", resolve));
    return workshop;
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => this.registry.close(resolve));
    rmSync(this.folder, { recursive: true });
  }

  options(progress: (message: string) => void = () => {}): ImageOptions {
    return {
      toolPaths: { buildctl: "/tools/buildctl", debootstrap: "/tools/usr/sbin/debootstrap" },
      buildkitAddress: "unix:///run/test.sock",
      mirror: { url: `http://127.0.0.1:${(this.registry.address() as AddressInfo).port}` },
      workDirectory: this.folder,
      progress,
    };
  }

  /** Programs that ran, in order. */
  programs(): string[] {
    return this.commands.map(([program]) => program);
  }

  /** Runs a program. */
  readonly run = (program: string, args: readonly string[]): Promise<string> => {
    this.commands.push([program, ...args]);
    if (program === this.failing) return Promise.reject(new Error(`\`${program}\` failed (1)`));
    if (program === "apt-get") {
      return Promise.resolve(`${this.archive}updates|bookworm-updates\n${this.archive}|bookworm`);
    }
    if (program === "tar") writeFileSync(valueOf(args, "--file"), "rootfs");
    if (program === "npm") {
      const name = args.at(-1)!.replace("@", "-") + ".tgz";
      writeFileSync(join(valueOf(args, "--pack-destination"), name), name);
      return Promise.resolve(name);
    }
    if (program === "/tools/buildctl") writeLayout(valueOf(args, "--output"));
    return Promise.resolve("");
  };

  private async answer(
    request: http.IncomingMessage,
    response: http.ServerResponse,
  ): Promise<void> {
    const { method = "", url = "" } = request;
    const body = Buffer.concat((await request.toArray()) as Buffer[]);
    const [, repository, tag] = /^\/v2\/(.+)\/manifests\/(.+)$/.exec(url) ?? [];
    response.statusCode = this.status;
    if (method !== "GET") this.uploads.push(`${method} ${url} ${body.length}`);
    if (method === "POST") response.setHeader("location", `${url}1?state=x`);
    if (repository === undefined) {
      response.end();
    } else if (method === "PUT") {
      const { annotations } = JSON.parse(body.toString()) as {
        annotations: Record<string, string>;
      };
      this.manifests.set(`${repository}:${tag}`, annotations);
      response.end();
    } else {
      const annotations = this.manifests.get(`${repository}:${tag}`);
      if (annotations === undefined && this.status === 200) response.statusCode = 404;
      response.end(JSON.stringify({ annotations }));
    }
  }
}

/** Writes what BuildKit's exporter for OCI image layouts writes, with one layer. */
function writeLayout(output: string): void {
  const fields = output.split(",").map((field) => field.split("="));
  const folder = fields.find(([key]) => key === "dest")![1];
  const write = (content: string): { digest: string } => {
    const sum = createHash("sha256").update(content).digest("hex");
    writeFileSync(join(folder, "blobs", "sha256", sum), content);
    return { digest: `sha256:${sum}` };
  };
  mkdirSync(join(folder, "blobs", "sha256"), { recursive: true });
  const annotations = fields
    .filter(([key]) => key.startsWith("annotation."))
    .map(([key, value]) => [key.slice("annotation.".length), value]);
  const manifest = {
    config: write("{}"),
    layers: [write("layer")],
    annotations: Object.fromEntries(annotations) as object,
  };
  const mediaType = "application/vnd.oci.image.manifest.v1+json";
  const manifests = [{ mediaType, ...write(JSON.stringify(manifest)) }];
  writeFileSync(join(folder, "index.json"), JSON.stringify({ manifests }));
}

/** Value of an option of a program. */
export function valueOf(args: readonly string[], option: string): string {
  const value = args[args.indexOf(option) + 1];
  if (!args.includes(option) || value === undefined)
    throw new Error(`No ${option} in ${args.join(" ")}`);
  return value;
}
