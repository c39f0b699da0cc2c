import * as pulumi from "@pulumi/pulumi";

import { resolveDigest } from "../../../components/image/buildkitImage";
import { SiteImage } from "../../../components/image/siteImage";
import { FakeEngine, promiseOf, unknown } from "../../support/engine";
import { Gate } from "../../support/latch";
import { FakeRegistry } from "../../support/registry";
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
    const made = await createImage(program, { sizeBudgetMiB: 3 });

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
    program.engine = await FakeEngine.install({ preview: true });
    const made = await createImage(program, { sizeBudgetMiB: 1 });

    expect(await promiseOf(made.digest)).toBe(digest);
    expect(registry.requests).toEqual([]);
  });
});

describe("SiteImage in a preview", () => {
  const unbuilt = { [imageType]: () => ({ digest: "" }) };

  it("knows no digest of what it would build", async () => {
    program.engine = await FakeEngine.install({ preview: true, computed: unbuilt });
    await createImage(program);

    expect(program.engine.outputsOf("image")).toMatchObject({
      digest: unknown,
      reference: unknown,
    });
  });

  it.each([
    // Without the mark of a secret, of which the plugin would make an empty text: plans would have it.
    ["shows an unknown password as unknown", pulumi.unknown as unknown as string, unknown],
    ["keeps a password secret that it knows", "glpat-known", { secret: "glpat-known" }],
  ])("%s", async (_, password, sent) => {
    program.engine = await FakeEngine.install({ preview: true });
    await createImage(program, { password: pulumi.secret(password) });

    const { registries } = program.engine.find("image", imageType).inputs;
    expect(registries).toEqual([expect.objectContaining({ password: sent })]);
  });

  it("knows the digest of what stays as it is", async () => {
    program.engine = await FakeEngine.install({ preview: true });
    await createImage(program);

    expect(program.engine.outputsOf("image")).toMatchObject({ digest });
  });
});

describe("resolveDigest", () => {
  it("fails an update in which nothing was pushed", () => {
    expect(() => resolveDigest("", "registry/site:tag")).toThrow(
      "The build of `registry/site:tag` ended without a digest: nothing was pushed. Check that the builder `slipway` can push images.",
    );
  });
});
