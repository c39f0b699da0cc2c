import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
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
  private readonly registry = http.createServer((request, response) => {
    const [, repository, tag] = /^\/v2\/(.+)\/manifests\/(.+)$/.exec(request.url ?? "") ?? [];
    const annotations = this.manifests.get(`${repository}:${tag}`);
    response.statusCode = annotations === undefined && this.status === 200 ? 404 : this.status;
    response.end(JSON.stringify({ annotations }));
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
    if (program === "/tools/buildctl") this.push(valueOf(args, "--output"));
    return Promise.resolve("");
  };

  private push(output: string): void {
    const fields = output.split(",").map((field) => field.split("="));
    const image = fields.find(([key]) => key === "name")![1].replace(/^[^/]+\//, "");
    const annotations = fields.filter(([key]) => key.startsWith("annotation."));
    this.manifests.set(
      image,
      Object.fromEntries(
        annotations.map(([key, value]) => [key.slice("annotation.".length), value]),
      ),
    );
  }
}

/** Value of an option of a program. */
export function valueOf(args: readonly string[], option: string): string {
  const value = args[args.indexOf(option) + 1];
  if (!args.includes(option) || value === undefined)
    throw new Error(`No ${option} in ${args.join(" ")}`);
  return value;
}
