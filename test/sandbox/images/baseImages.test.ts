import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { makeBaseImages, type BaseImagesOptions } from "../../../sandbox/images/baseImages";

const debian = "library/debian:bookworm-slim";
const nginx = "nginxinc/nginx-unprivileged:1.29-alpine";
const node = "library/node:24-bookworm-slim";

describe("makeBaseImages", () => {
  let folder: string;
  let registry: http.Server;
  let status: number;
  /** By image, the annotations of its manifest, as the pushes leave them. */
  let manifests: Map<string, Record<string, string>>;
  let commands: string[][];
  let archive: string;
  let failing: string | undefined;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "base-images-"));
    status = 200;
    manifests = new Map();
    commands = [];
    archive = "http://archive.test/debian/";
    failing = undefined;
    registry = http.createServer((request, response) => {
      const [, repository, tag] = /^\/v2\/(.+)\/manifests\/(.+)$/.exec(request.url ?? "") ?? [];
      const annotations = manifests.get(`${repository}:${tag}`);
      response.statusCode = annotations === undefined && status === 200 ? 404 : status;
      response.end(JSON.stringify({ annotations }));
    });
    await new Promise<void>((resolve) => registry.listen(0, "127.0.0.1", resolve));
  });

  afterEach(async () => {
    await new Promise((resolve) => registry.close(resolve));
    rmSync(folder, { recursive: true });
  });

  /** Does what the programs do, as far as anything here can see it. */
  const run = (program: string, args: readonly string[]): Promise<string> => {
    commands.push([program, ...args]);
    if (program === failing) return Promise.reject(new Error(`\`${program}\` failed (1)`));
    if (program === "apt-get") {
      return Promise.resolve(`${archive}updates|bookworm-updates\n${archive}|bookworm`);
    }
    if (program === "tar") writeFileSync(valueOf(args, "--file"), "rootfs");
    if (program === "npm") {
      const name = args.at(-1)!.replace("@", "-") + ".tgz";
      writeFileSync(join(valueOf(args, "--pack-destination"), name), name);
      return Promise.resolve(name);
    }
    if (program === "/tools/buildctl") push(valueOf(args, "--output"));
    return Promise.resolve("");
  };

  const push = (output: string): void => {
    const fields = output.split(",").map((field) => field.split("="));
    const image = fields.find(([key]) => key === "name")![1].replace(/^[^/]+\//, "");
    const annotations = fields.filter(([key]) => key.startsWith("annotation."));
    manifests.set(
      image,
      Object.fromEntries(
        annotations.map(([key, value]) => [key.slice("annotation.".length), value]),
      ),
    );
  };

  const options = (progress: (message: string) => void = () => {}): BaseImagesOptions => ({
    toolPaths: { buildctl: "/tools/buildctl", debootstrap: "/tools/usr/sbin/debootstrap" },
    buildkitAddress: "unix:///run/test.sock",
    mirror: { url: `http://127.0.0.1:${(registry.address() as AddressInfo).port}` },
    workDirectory: folder,
    progress,
  });

  const programs = (): string[] => commands.map(([program]) => program);

  it("makes all of them, Debian first, and says so", async () => {
    const messages: string[] = [];

    const made = await makeBaseImages(
      options((message) => messages.push(message)),
      run,
    );

    expect(made).toEqual([debian, nginx, node]);
    expect([...manifests.keys()]).toEqual([debian, nginx, node]);
    expect(messages).toEqual([
      `Making the image \`${debian}\`: a minimal Debian, about a minute`,
      `Making the image \`${nginx}\`: Debian's nginx, without root`,
      `Making the image \`${node}\`: Node 24.21.0 from npm`,
    ]);
  });

  it("makes Debian from the archive of the machine's apt, in namespaces that end with the run", async () => {
    await makeBaseImages(options(), run);

    const command = commands.find((each) => each.includes("/tools/usr/sbin/debootstrap"))!;
    expect(command.slice(0, 4)).toEqual(["setpriv", "--pdeathsig", "KILL", "unshare"]);
    expect(command).toEqual(expect.arrayContaining(["--kill-child", "bookworm", archive]));
  });

  it("does nothing when the mirror has them from the same inputs", async () => {
    await makeBaseImages(options(), run);
    commands = [];

    await expect(makeBaseImages(options(), run)).resolves.toEqual([]);
    expect(programs()).toEqual(["apt-get"]);
  });

  it("makes again only what the mirror lost, from what was fetched before", async () => {
    await makeBaseImages(options(), run);
    commands = [];
    manifests.delete(node);

    await expect(makeBaseImages(options(), run)).resolves.toEqual([node]);
    expect(programs()).toEqual(["apt-get", "/tools/buildctl"]);
  });

  it("makes all of them again when Debian's inputs are others", async () => {
    await makeBaseImages(options(), run);
    const before = new Map(manifests);
    archive = "http://other.test/debian/";

    await expect(makeBaseImages(options(), run)).resolves.toEqual([debian, nginx, node]);
    expect(manifests.get(node)).not.toEqual(before.get(node));
  });

  it("replaces an image of that name that was not made here", async () => {
    await makeBaseImages(options(), run);
    manifests.set(nginx, {});

    await expect(makeBaseImages(options(), run)).resolves.toEqual([nginx]);
  });

  it("starts the root file system over after a run that was cut off", async () => {
    failing = "tar";
    await expect(makeBaseImages(options(), run)).rejects.toThrow("`tar` failed (1)");
    failing = undefined;

    await expect(makeBaseImages(options(), run)).resolves.toEqual([debian, nginx, node]);
    const context = valueOf(
      commands.find(([program]) => program === "/tools/buildctl")!,
      "--local",
    );
    expect(readFileSync(join(context.replace("context=", ""), "rootfs.tar"), "utf8")).toBe(
      "rootfs",
    );
  });

  it("names the request that the mirror refused", async () => {
    status = 500;

    await expect(makeBaseImages(options(), run)).rejects.toThrow(
      `Request failed with status code 500: GET ${options().mirror.url}/v2/library/debian/manifests/bookworm-slim`,
    );
  });

  it("says what to do on a machine without Debian's archive", async () => {
    await expect(makeBaseImages(options(), () => Promise.resolve(""))).rejects.toThrow(
      "`apt` has no package archive of Debian.",
    );
  });
});

function valueOf(args: readonly string[], option: string): string {
  const value = args[args.indexOf(option) + 1];
  if (!args.includes(option) || value === undefined)
    throw new Error(`No ${option} in ${args.join(" ")}`);
  return value;
}
