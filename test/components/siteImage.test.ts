import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import * as pulumi from "@pulumi/pulumi";

import { resolveDigest } from "../../components/buildkitImage";
import { SiteImage, type SiteImageArgs } from "../../components/siteImage";
import { FakeEngine, promiseOf, unknown } from "../support/engine";

const repository = "gitlab.example.com:5050/web/gatsby-site";
const digest = `sha256:${"d".repeat(64)}`;
const imageType = "docker-build:index:Image";
const login = { username: "writer", password: "gldt-1/+ü" };

let directory: string;
let engine: FakeEngine;

beforeEach(async () => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), "slipway-site-"));
  fs.writeFileSync(path.join(directory, "Dockerfile"), "FROM scratch\n");
  engine = await FakeEngine.install();
});

afterEach(() => fs.rmSync(directory, { recursive: true }));

async function create(args: Partial<SiteImageArgs> = {}, name = "image") {
  const image = new SiteImage(name, {
    repository,
    directory,
    caCertificate: "",
    ...login,
    ...args,
  });
  await engine.settle();
  return image;
}

describe("SiteImage", () => {
  it("builds the folder and pushes it under a tag made of its content", async () => {
    const image = await create();
    const [tag] = await promiseOf(image.tags);

    expect(engine.tree()).toEqual([
      `${imageType} image < image`,
      "slipway:index:SiteImage image < stack",
    ]);
    expect(tag).toMatch(/^content-[0-9a-f]{16}$/);
    expect(engine.find("image", imageType).inputs).toEqual({
      context: { location: directory },
      dockerfile: { location: `${directory}/Dockerfile` },
      buildArgs: { BUILDKIT_MULTI_PLATFORM: "1", SOURCE_DATE_EPOCH: "0" },
      secrets: { secret: { ca: "" } },
      ignoreSecretsInDiffCalculation: ["ca"],
      tags: [`${repository}:${tag}`],
      push: false,
      exports: [
        {
          raw: `type=registry,name=${repository}:${tag},push=true,rewrite-timestamp=true,oci-mediatypes=true`,
        },
      ],
      registries: [
        {
          address: "gitlab.example.com:5050",
          username: "writer",
          password: { secret: login.password },
        },
      ],
      builder: { name: "slipway" },
      buildOnPreview: false,
      network: "default",
    });
  });

  it("never deletes what it pushed", async () => {
    await create();
    expect(engine.find("image", imageType).request.getRetainondelete()).toBe(true);
  });

  it("says what to run, by digest", async () => {
    const image = await create();

    expect(await promiseOf(image.digest)).toBe(digest);
    expect(await promiseOf(image.reference)).toBe(`${repository}@${digest}`);
  });

  it("takes another Dockerfile, build arguments and certificates", async () => {
    const dockerfile = path.join(directory, "other.Dockerfile");
    fs.writeFileSync(dockerfile, "FROM other\n");
    await create({ dockerfile, buildArgs: { NODE_IMAGE: "node:24" }, caCertificate: "PEM" });

    expect(engine.find("image", imageType).inputs).toMatchObject({
      dockerfile: { location: dockerfile },
      buildArgs: { NODE_IMAGE: "node:24", SOURCE_DATE_EPOCH: "0", BUILDKIT_MULTI_PLATFORM: "1" },
      secrets: { secret: { ca: "PEM" } },
    });
  });

  it.each([
    ["the file of NODE_EXTRA_CA_CERTS", "ca.pem", "PEM\n"],
    ["nothing, as Node does, if that file is missing", "missing.pem", ""],
  ])("trusts %s", async (_, file, expected) => {
    fs.writeFileSync(path.join(directory, "ca.pem"), "PEM\n");
    process.env.NODE_EXTRA_CA_CERTS = path.join(directory, file);
    try {
      await create({ caCertificate: undefined });
    } finally {
      delete process.env.NODE_EXTRA_CA_CERTS;
    }
    expect(engine.find("image", imageType).inputs.secrets).toEqual({ secret: { ca: expected } });
  });

  it("builds nothing when a digest is given", async () => {
    const pinned = `sha256:${"a".repeat(64)}`;
    const image = await create({ digest: pinned, directory: "no-such-folder" });

    expect(engine.tree()).toEqual(["slipway:index:SiteImage image < stack"]);
    expect(await promiseOf(image.reference)).toBe(`${repository}@${pinned}`);
    expect(await promiseOf(image.tags)).toEqual([]);
    expect(await promiseOf(image.commit)).toBe("");
  });

  it("registers its public fields as outputs", async () => {
    const image = await create();

    expect(engine.outputsOf("image")).toEqual({
      digest,
      reference: `${repository}@${digest}`,
      tags: await promiseOf(image.tags),
      commit: "",
      version: "",
    });
    expect(engine.find("image", "slipway:index:SiteImage").inputs).toEqual({});
  });

  it("keeps the password secret", async () => {
    const image = await create();

    expect(engine.clearText()).not.toContain("gldt-1");
    expect(await pulumi.isSecret(image.reference)).toBe(false);
  });

  it("stands twice in one program", async () => {
    await create();
    await create({ repository: `${repository}/docs` }, "docs");

    expect(new Set(engine.tree()).size).toBe(4);
  });

  it("names every path that is missing", () => {
    expect(
      () =>
        new SiteImage("image", { repository, directory: "nowhere", dockerfile: "none", ...login }),
    ).toThrow(
      "The image can't be built: there is no `nowhere` and no `none`. Paths are relative to the folder of Pulumi.yaml.",
    );
  });
});

describe("SiteImage in a preview", () => {
  const unbuilt = { [imageType]: () => ({ digest: "" }) };

  it("knows no digest of what it would build", async () => {
    engine = await FakeEngine.install({ preview: true, computed: unbuilt });
    await create();

    expect(engine.outputsOf("image")).toMatchObject({ digest: unknown, reference: unknown });
  });

  it("knows the digest of what stays as it is", async () => {
    engine = await FakeEngine.install({ preview: true });
    await create();

    expect(engine.outputsOf("image")).toMatchObject({ digest });
  });
});

describe("resolveDigest", () => {
  it("fails an update in which nothing was pushed", () => {
    expect(() => resolveDigest("", "registry/site:tag")).toThrow(
      "The build of `registry/site:tag` ended without a digest: nothing was pushed. Check that the builder `slipway` can push images.",
    );
  });
});
