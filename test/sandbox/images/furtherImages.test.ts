import { readFileSync } from "node:fs";
import { join } from "node:path";

import { makeFurtherImages } from "../../../sandbox/images/furtherImages";
import { FakeImageWorkshop, valueOf } from "./support/workshop";

const debian = "library/debian:bookworm-slim";

describe("makeFurtherImages", () => {
  let workshop: FakeImageWorkshop;

  beforeEach(async () => {
    workshop = await FakeImageWorkshop.start();
  });

  afterEach(() => workshop.stop());

  const make = (names: readonly string[], authorities = "") =>
    makeFurtherImages({ ...workshop.options(), authorities }, names, workshop.run);

  const buildArguments = (): string[] =>
    workshop.commands.flat().filter((word) => word.startsWith("build-arg:"));

  it("makes those that are asked for, and Debian below them", async () => {
    await expect(make(["nginx:alpine", "node:18"])).resolves.toEqual([
      "library/nginx:alpine",
      "library/node:18",
    ]);
    expect([...workshop.manifests.keys()]).toEqual([
      debian,
      "library/nginx:alpine",
      "library/node:18",
    ]);
  });

  it("makes nothing that the mirror has", async () => {
    await make(["nginx:alpine", "node:18"]);
    await expect(make(["nginx:alpine", "node:18"])).resolves.toEqual([]);
  });

  it.each([
    ["node:18", "18.20.8", "full"],
    ["node:20-bookworm", "20.20.2", "full"],
    ["node:22-slim", "22.23.5", "slim"],
    ["docker.io/library/node:18-bookworm-slim", "18.20.8", "slim"],
    ["node:20-alpine3.20", "20.20.2", "slim"],
    ["node:lts-alpine", "24.21.0", "slim"],
  ])("makes %s of Node %s, %s", async (name, version, variant) => {
    await make([name]);
    expect(buildArguments()).toEqual([
      `build-arg:NODE_VERSION=${version}`,
      `build-arg:VARIANT=${variant}`,
    ]);
  });

  it.each([
    ["nginx", "library/nginx:latest"],
    ["nginx:1.27.3-alpine-slim", "library/nginx:1.27.3-alpine-slim"],
    ["nginx:stable-alpine3.20", "library/nginx:stable-alpine3.20"],
    ["nginxinc/nginx-unprivileged:alpine", "nginxinc/nginx-unprivileged:alpine"],
  ])("makes %s as %s", async (name, made) => {
    await expect(make([name])).resolves.toEqual([made]);
  });

  it("gives the images with Node the CAs that this machine trusts, and makes them again for others", async () => {
    await make(["node:18"], "one CA");
    const build = workshop.commands.findLast(([program]) => program === "/tools/buildctl") ?? [];
    const context = valueOf(build, "--local").replace("context=", "");
    expect(readFileSync(join(context, "authorities.pem"), "utf8")).toBe("one CA");

    await expect(make(["node:18"], "another CA")).resolves.toEqual(["library/node:18"]);
  });

  it("names each image that it has no equivalent of, and makes none", async () => {
    await expect(make(["nginx:alpine", "node:12", "node:18-bullseye", "caddy:2"])).rejects.toThrow(
      'The sandbox has no equivalent of "node:12", "node:18-bullseye", "caddy:2". It makes `node:<16|18|20|22|24>`, the same with -slim, -alpine or -bookworm, `nginx:<tag>` and `nginxinc/nginx-unprivileged:<tag>`.',
    );
    expect(workshop.commands).toEqual([]);
  });
});
