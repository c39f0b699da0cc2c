import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import * as pulumi from "@pulumi/pulumi";

import { SiteImage } from "../../../components/image/siteImage";
import type { SiteImageArgs } from "../../../components/image/siteImageArgs";
import { promiseOf } from "../../support/engine";
import {
  createImage,
  digest,
  directory,
  imageType,
  inImageProgram,
  login,
  repository,
} from "../../support/siteImage";

const program = inImageProgram();

describe("SiteImage", () => {
  it("builds the folder and pushes it under a tag made of its content", async () => {
    const image = await createImage(program);
    const [tag] = await promiseOf(image.tags);

    expect(program.engine.tree()).toEqual([
      `${imageType} image < image`,
      "slipway:index:SiteImage image < stack",
    ]);
    expect(tag).toMatch(/^content-[0-9a-f]{16}$/);
    expect(program.engine.find("image", imageType).inputs).toEqual({
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
    await createImage(program);
    expect(program.engine.find("image", imageType).request.getRetainondelete()).toBe(true);
  });

  it("says what to run, by digest", async () => {
    const image = await createImage(program);

    expect(await promiseOf(image.digest)).toBe(digest);
    expect(await promiseOf(image.reference)).toBe(`${repository}@${digest}`);
  });

  it("takes another Dockerfile, build arguments and certificates", async () => {
    const dockerfile = "other.Dockerfile";
    fs.writeFileSync(dockerfile, "ARG NODE_IMAGE\nFROM other\n");
    await createImage(program, {
      dockerfile,
      buildArgs: { NODE_IMAGE: "node:24" },
      caCertificate: "PEM",
    });

    expect(program.engine.find("image", imageType).inputs).toMatchObject({
      dockerfile: { location: dockerfile },
      buildArgs: { NODE_IMAGE: "node:24", SOURCE_DATE_EPOCH: "0", BUILDKIT_MULTI_PLATFORM: "1" },
      secrets: { secret: { ca: "PEM" } },
    });
  });

  it.each([
    ["the file of NODE_EXTRA_CA_CERTS", "ca.pem", "PEM\n"],
    ["nothing, as Node does, if that file is missing", "missing.pem", ""],
  ])("trusts %s", async (_, file, expected) => {
    fs.writeFileSync("ca.pem", "PEM\n");
    process.env.NODE_EXTRA_CA_CERTS = file;
    try {
      await createImage(program, { caCertificate: undefined });
    } finally {
      delete process.env.NODE_EXTRA_CA_CERTS;
    }
    expect(program.engine.find("image", imageType).inputs.secrets).toEqual({
      secret: { ca: expected },
    });
  });

  it("registers its public fields as outputs", async () => {
    const image = await createImage(program);

    expect(program.engine.outputsOf("image")).toEqual({
      digest,
      reference: `${repository}@${digest}`,
      tags: await promiseOf(image.tags),
      commit: "",
      version: "",
      contentVersion: "",
    });
    expect(program.engine.find("image", "slipway:index:SiteImage").inputs).toEqual({});
  });

  it("keeps the password secret", async () => {
    const image = await createImage(program);

    expect(program.engine.clearText()).not.toContain("gldt-1");
    expect(await pulumi.isSecret(image.reference)).toBe(false);
  });

  it("stands twice in one program, each with an image, a tag and a cache of its own", async () => {
    fs.mkdirSync("docs");
    fs.writeFileSync("docs/Dockerfile", "FROM scratch\n");
    const other = `${repository}/docs`;
    const site = await createImage(program, { cache: `${repository}/cache:layers` });
    const docs = await createImage(
      program,
      { repository: other, directory: "docs", cache: `${other}/cache:layers` },
      "docs",
    );

    expect(program.engine.tree()).toEqual([
      `${imageType} docs < docs`,
      `${imageType} image < image`,
      "slipway:index:SiteImage docs < stack",
      "slipway:index:SiteImage image < stack",
    ]);
    expect(program.engine.find("docs", imageType).inputs).toMatchObject({
      context: { location: "docs" },
      tags: [`${other}:${(await promiseOf(docs.tags))[0]}`],
      cacheFrom: [{ registry: { ref: `${other}/cache:layers` } }],
    });
    expect(await promiseOf(site.reference)).toBe(`${repository}@${digest}`);
    expect(await promiseOf(docs.reference)).toBe(`${other}@${digest}`);
  });

  it("takes a target, platforms and another output folder", async () => {
    await createImage(program, {
      target: "web",
      platforms: ["linux/amd64", "linux/arm64"],
      outputDirectory: "dist",
      buildArgs: { NODE_IMAGE: "node:24" },
    });

    expect(program.engine.find("image", imageType).inputs).toMatchObject({
      target: "web",
      platforms: ["linux/amd64", "linux/arm64"],
      buildArgs: { NODE_IMAGE: "node:24", OUTPUT_DIRECTORY: "dist" },
    });
  });

  it("makes another tag for another target, other platforms and another output folder", async () => {
    const variants: Partial<SiteImageArgs>[] = [
      {},
      { target: "web" },
      { platforms: ["linux/arm64"] },
      { outputDirectory: "dist" },
    ];
    const tags = await Promise.all(
      variants.map(async (args, index) =>
        promiseOf((await createImage(program, args, `image-${index}`)).tags),
      ),
    );
    expect(new Set(tags.flat()).size).toBe(variants.length);
  });

  it("keeps the layers of all stages under one reference", async () => {
    const ref = `${repository}/cache:layers`;
    await createImage(program, { cache: ref });

    expect(program.engine.find("image", imageType).inputs).toMatchObject({
      cacheFrom: [{ registry: { ref } }],
      cacheTo: [
        {
          registry: {
            ref,
            mode: "max",
            imageManifest: true,
            ociMediaTypes: true,
            ignoreError: true,
          },
        },
      ],
    });
  });

  it("hands build secrets to the build, where another value rebuilds nothing", async () => {
    const image = await createImage(program, {
      buildSecrets: { NPM_TOKEN: "npm-1/+ü" },
      caCertificate: "PEM",
    });

    const { inputs } = program.engine.find("image", imageType);
    expect(inputs.secrets).toEqual({ secret: { NPM_TOKEN: "npm-1/+ü", ca: "PEM" } });
    expect(inputs.ignoreSecretsInDiffCalculation).toEqual(["ca", "NPM_TOKEN"]);
    expect(program.engine.clearText()).not.toContain("npm-1");
    expect(program.engine.clearText()).not.toContain(Buffer.from("npm-1/+ü").toString("base64"));
    expect(program.engine.clearText()).not.toContain(encodeURIComponent("npm-1/+ü"));
    expect(await pulumi.isSecret(image.digest)).toBe(false);
  });

  it("names everything that is wrong at once", () => {
    const outside = fs.mkdtempSync(path.join(os.tmpdir(), "slipway-outside-"));
    fs.symlinkSync(outside, "linked");
    const build = () =>
      new SiteImage("image", {
        repository,
        directory: "linked",
        buildSecrets: { ca: "PEM" },
        ...login,
      });

    expect(build).toThrow(pulumi.ResourceError);
    expect(build).toThrow(
      [
        "The image can't be built:",
        "  - There is no `linked/Dockerfile`: paths are relative to the folder of Pulumi.yaml.",
        `  - \`linked\` is outside of the repository \`${path.basename(program.folder)}\`: no commit would say what is in the image. Move it there.`,
        "  - `buildSecrets` has `ca`, the id of the certificates that downloads trust. Use another name.",
      ].join("\n"),
    );
    fs.rmSync(outside, { recursive: true });
  });

  it("names every path that is missing", () => {
    expect(
      () =>
        new SiteImage("image", { repository, directory: "nowhere", dockerfile: "none", ...login }),
    ).toThrow(
      [
        "The image can't be built:",
        "  - There is no `nowhere`: paths are relative to the folder of Pulumi.yaml.",
        "  - There is no `none`: paths are relative to the folder of Pulumi.yaml.",
      ].join("\n"),
    );
  });
});
