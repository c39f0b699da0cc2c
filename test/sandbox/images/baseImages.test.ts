import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { makeBaseImages } from "../../../sandbox/images/baseImages";
import { FakeImageWorkshop, valueOf } from "./support/workshop";

const debian = "library/debian:bookworm-slim";
const nginx = "nginxinc/nginx-unprivileged:1.29-alpine";
const node = "library/node:24-bookworm-slim";

describe("makeBaseImages", () => {
  let workshop: FakeImageWorkshop;

  beforeEach(async () => {
    workshop = await FakeImageWorkshop.start();
  });

  afterEach(() => workshop.stop());

  it("makes all of them, Debian first, and says so", async () => {
    const messages: string[] = [];

    const made = await makeBaseImages(
      workshop.options((message) => messages.push(message)),
      workshop.run,
    );

    expect(made).toEqual([debian, nginx, node]);
    expect([...workshop.manifests.keys()]).toEqual([debian, nginx, node]);
    expect(messages).toEqual([
      `Making the image \`${debian}\`: a minimal Debian, about a minute`,
      `Making the image \`${nginx}\`: Debian's nginx, without root`,
      `Making the image \`${node}\`: Node 24.21.0 from npm`,
    ]);
  });

  it("makes Debian from the archive of the machine's apt, in namespaces that end with the run", async () => {
    await makeBaseImages(workshop.options(), workshop.run);

    const command = workshop.commands.find((each) => each.includes("/tools/usr/sbin/debootstrap"))!;
    expect(command.slice(0, 4)).toEqual(["setpriv", "--pdeathsig", "KILL", "unshare"]);
    expect(command).toEqual(expect.arrayContaining(["--kill-child", "bookworm", workshop.archive]));
  });

  it("does nothing when the mirror has them from the same inputs", async () => {
    await makeBaseImages(workshop.options(), workshop.run);
    workshop.commands.length = 0;

    await expect(makeBaseImages(workshop.options(), workshop.run)).resolves.toEqual([]);
    expect(workshop.programs()).toEqual(["apt-get"]);
  });

  it("pushes again only what the mirror lost, from what was built before", async () => {
    await makeBaseImages(workshop.options(), workshop.run);
    workshop.commands.length = 0;
    workshop.manifests.delete(node);

    await expect(makeBaseImages(workshop.options(), workshop.run)).resolves.toEqual([node]);
    expect(workshop.programs()).toEqual(["apt-get"]);
  });

  it("gives another sandbox the images that the first one built", async () => {
    await makeBaseImages(workshop.options(), workshop.run);
    const first = workshop.uploads.splice(0);
    workshop.manifests.clear();
    workshop.commands.length = 0;

    await makeBaseImages(workshop.options(), workshop.run);
    expect(workshop.programs()).toEqual(["apt-get"]);
    expect(workshop.uploads).toEqual(first);
    const config = createHash("sha256").update("{}").digest("hex");
    expect(first.slice(0, 2)).toEqual([
      "POST /v2/library/debian/blobs/uploads/ 0",
      `PUT /v2/library/debian/blobs/uploads/1?state=x&digest=sha256%3A${config} 2`,
    ]);
  });

  it("makes all of them again when Debian's inputs are others", async () => {
    await makeBaseImages(workshop.options(), workshop.run);
    const before = new Map(workshop.manifests);
    workshop.archive = "http://other.test/debian/";

    await expect(makeBaseImages(workshop.options(), workshop.run)).resolves.toEqual([
      debian,
      nginx,
      node,
    ]);
    expect(workshop.manifests.get(node)).not.toEqual(before.get(node));
  });

  it("replaces an image of that name that was not made here", async () => {
    await makeBaseImages(workshop.options(), workshop.run);
    workshop.manifests.set(nginx, {});

    await expect(makeBaseImages(workshop.options(), workshop.run)).resolves.toEqual([nginx]);
  });

  it("starts the root file system over after a run that was cut off", async () => {
    workshop.failing = "tar";
    await expect(makeBaseImages(workshop.options(), workshop.run)).rejects.toThrow(
      "`tar` failed (1)",
    );
    workshop.failing = undefined;

    await expect(makeBaseImages(workshop.options(), workshop.run)).resolves.toEqual([
      debian,
      nginx,
      node,
    ]);
    const context = valueOf(
      workshop.commands.find(([program]) => program === "/tools/buildctl")!,
      "--local",
    );
    expect(readFileSync(join(context.replace("context=", ""), "rootfs.tar"), "utf8")).toBe(
      "rootfs",
    );
  });

  it("names the request that the mirror refused", async () => {
    workshop.status = 500;

    await expect(makeBaseImages(workshop.options(), workshop.run)).rejects.toThrow(
      `Request failed with status code 500: GET ${workshop.options().mirror.url}/v2/library/debian/manifests/bookworm-slim`,
    );
  });

  it("says what to do on a machine without Debian's archive", async () => {
    await expect(makeBaseImages(workshop.options(), () => Promise.resolve(""))).rejects.toThrow(
      "`apt` has no package archive of Debian.",
    );
  });
});
