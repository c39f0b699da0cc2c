import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import * as pulumi from "@pulumi/pulumi";

import { resolveDigest } from "../../../components/image/buildkitImage";
import { SiteImage, type SiteImageArgs } from "../../../components/image/siteImage";
import * as trackedModes from "../../../components/image/filePermissions";
import { FakeEngine, promiseOf, unknown } from "../../support/engine";
import { Gate } from "../../support/latch";
import { GitRepository } from "../../support/gitRepository";
import { leavePipeline } from "../../support/pipeline";
import { FakeRegistry } from "../../support/registry";

jest.mock("../../../components/image/filePermissions", () => {
  const actual = jest.requireActual<typeof trackedModes>(
    "../../../components/image/filePermissions",
  );
  return { normalizeFilePermissions: jest.fn(actual.normalizeFilePermissions) };
});

const repository = "gitlab.example.com:5050/web/gatsby-site";
const digest = `sha256:${"d".repeat(64)}`;
const imageType = "docker-build:index:Image";
const login = { username: "writer", password: "gldt-1/+ü" };

const directory = "site";
const home = process.cwd();

let program: string;
let engine: FakeEngine;

beforeEach(async () => {
  leavePipeline();
  // Paths are relative to the program.
  program = fs.mkdtempSync(path.join(os.tmpdir(), "slipway-program-"));
  process.chdir(program);
  fs.mkdirSync("site");
  fs.writeFileSync("site/Dockerfile", "FROM scratch\n");
  engine = await FakeEngine.install();
});

afterEach(async () => {
  // What was begun before a constructor threw must not reach the next test's engine.
  await engine.settle();
  jest.restoreAllMocks();
  process.chdir(home);
  fs.rmSync(program, { recursive: true });
});

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
    const dockerfile = "other.Dockerfile";
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
    fs.writeFileSync("ca.pem", "PEM\n");
    process.env.NODE_EXTRA_CA_CERTS = file;
    try {
      await create({ caCertificate: undefined });
    } finally {
      delete process.env.NODE_EXTRA_CA_CERTS;
    }
    expect(engine.find("image", imageType).inputs.secrets).toEqual({ secret: { ca: expected } });
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

  it("stands twice in one program, each with an image, a tag and a cache of its own", async () => {
    fs.mkdirSync("docs");
    fs.writeFileSync("docs/Dockerfile", "FROM scratch\n");
    const other = `${repository}/docs`;
    const site = await create({ cache: `${repository}/cache:layers` });
    const docs = await create(
      { repository: other, directory: "docs", cache: `${other}/cache:layers` },
      "docs",
    );

    expect(engine.tree()).toEqual([
      `${imageType} docs < docs`,
      `${imageType} image < image`,
      "slipway:index:SiteImage docs < stack",
      "slipway:index:SiteImage image < stack",
    ]);
    expect(engine.find("docs", imageType).inputs).toMatchObject({
      context: { location: "docs" },
      tags: [`${other}:${(await promiseOf(docs.tags))[0]}`],
      cacheFrom: [{ registry: { ref: `${other}/cache:layers` } }],
    });
    expect(await promiseOf(site.reference)).toBe(`${repository}@${digest}`);
    expect(await promiseOf(docs.reference)).toBe(`${other}@${digest}`);
  });

  it("takes a target, platforms and another output folder", async () => {
    await create({
      target: "web",
      platforms: ["linux/amd64", "linux/arm64"],
      outputDirectory: "dist",
      buildArgs: { NODE_IMAGE: "node:24" },
    });

    expect(engine.find("image", imageType).inputs).toMatchObject({
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
      variants.map(async (args, index) => promiseOf((await create(args, `image-${index}`)).tags)),
    );
    expect(new Set(tags.flat()).size).toBe(variants.length);
  });

  it("keeps the layers of all stages under one reference", async () => {
    const ref = `${repository}/cache:layers`;
    await create({ cache: ref });

    expect(engine.find("image", imageType).inputs).toMatchObject({
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
    const image = await create({ buildSecrets: { NPM_TOKEN: "npm-1/+ü" }, caCertificate: "PEM" });

    const { inputs } = engine.find("image", imageType);
    expect(inputs.secrets).toEqual({ secret: { NPM_TOKEN: "npm-1/+ü", ca: "PEM" } });
    expect(inputs.ignoreSecretsInDiffCalculation).toEqual(["ca", "NPM_TOKEN"]);
    expect(engine.clearText()).not.toContain("npm-1");
    expect(engine.clearText()).not.toContain(Buffer.from("npm-1/+ü").toString("base64"));
    expect(engine.clearText()).not.toContain(encodeURIComponent("npm-1/+ü"));
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
        `  - \`linked\` is outside of the repository \`${path.basename(program)}\`: no commit would say what is in the image. Move it there.`,
        "  - `buildSecrets` has `ca`, the id of the certificates that downloads trust. Name the secret otherwise.",
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

describe("SiteImage of a repository", () => {
  let repositoryOfSite: GitRepository;
  let id: string;

  beforeEach(() => {
    repositoryOfSite = new GitRepository();
    repositoryOfSite.write("site/Dockerfile", "FROM scratch\n");
    id = repositoryOfSite.commit();
    repositoryOfSite.git("tag", "v1.2.3");
    process.chdir(repositoryOfSite.folder);
  });

  afterEach(() => {
    process.chdir(program);
    repositoryOfSite.remove();
  });

  it("says what it was built from", async () => {
    const image = await create();

    expect(image.revision).toEqual({
      commit: id,
      dirty: false,
      branch: "main",
      version: "v1.2.3",
    });
    expect(await promiseOf(image.commit)).toBe(id);
    expect(await promiseOf(image.version)).toBe("v1.2.3");
  });

  it("marks a commit that is not all that is in the image", async () => {
    fs.writeFileSync("site/new.js", "");
    expect(await promiseOf((await create()).commit)).toBe(`${id}-dirty`);
  });

  it("has the same tag whatever the checkout's permissions were", async () => {
    const [before] = await promiseOf((await create()).tags);
    fs.chmodSync("site/Dockerfile", 0o666);
    const [after] = await promiseOf((await create({}, "again")).tags);

    expect(after).toBe(before);
    expect(fs.statSync("site/Dockerfile").mode & 0o777).toBe(0o644);
  });

  it.each([
    [["src/page.md"], ""],
    [["src/page.md", "src", "run.sh"], " and of 2 more"],
  ])("warns of permissions that it can't set: %j", async (failed, others) => {
    jest.mocked(trackedModes.normalizeFilePermissions).mockReturnValueOnce(failed);
    const warn = jest.spyOn(console, "warn").mockReturnValue();
    await create();

    expect(warn).toHaveBeenCalledWith(
      `warning: [runtime] The permissions of \`site/src/page.md\`${others} are not those that git knows, and can't be set. Another machine will build the image anew: make the files your own.`,
    );
  });

  it("takes a folder beside the program's for one of the repository", async () => {
    fs.mkdirSync("infrastructure");
    process.chdir("infrastructure");
    await create({ directory: "../site" });

    expect(engine.find("image", imageType).inputs.context).toEqual({ location: "../site" });
  });
});

describe("SiteImage with a size budget", () => {
  const image = `sha256:${"1".repeat(64)}`;
  let registry: FakeRegistry;

  beforeEach(() => {
    registry = FakeRegistry.install(repository, login);
    registry.contents = {
      [digest]: { manifests: [{ digest: image, size: 1 }] },
      [image]: { config: { digest: "sha256:c", size: 1 }, layers: [{ size: 3 * 1024 * 1024 }] },
    };
  });

  it("goes on with an image that is within it", async () => {
    const made = await create({ sizeBudgetMiB: 3 });

    expect(await promiseOf(made.digest)).toBe(digest);
    expect(await pulumi.isSecret(made.digest)).toBe(false);
  });

  it("has no digest before the registry has said the size", async () => {
    registry.gate = new Gate();
    const made = new SiteImage("image", { repository, directory, sizeBudgetMiB: 3, ...login });
    let known = false;
    const settled = promiseOf(made.digest).then(() => (known = true));
    await registry.gate.reached;
    expect(known).toBe(false);

    registry.gate.open();
    await settled;
  });

  it("asks no registry in a preview", async () => {
    engine = await FakeEngine.install({ preview: true });
    const made = await create({ sizeBudgetMiB: 1 });

    expect(await promiseOf(made.digest)).toBe(digest);
    expect(registry.requests).toEqual([]);
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
