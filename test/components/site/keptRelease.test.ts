import * as pulumi from "@pulumi/pulumi";

import { FakeEngine } from "../../support/engine";
import { createSite, deploymentOf, siteImage } from "../../support/site";

const previousImages = ["e", "f"].map((digit) =>
  siteImage.replace(/[0-9a-f]{64}$/, digit.repeat(64)),
);
const [previousImage] = previousImages;
const settings = {
  resources: {
    requests: { cpu: "25m", memory: "32Mi", "ephemeral-storage": "32Mi" },
    limits: { cpu: "250m", memory: "128Mi", "ephemeral-storage": "256Mi" },
  },
  securityContext: {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    readOnlyRootFilesystem: true,
  },
  imagePullPolicy: "IfNotPresent",
};

let engine: FakeEngine;
beforeEach(async () => {
  engine = await FakeEngine.install();
});

const environmentOf = () => {
  const { data } = engine.find("gatsby-site-environment").inputs;
  return (data as Record<string, string>)["environment.conf"];
};

describe("A site that keeps the files of the release before", () => {
  it("has a container of that release that fills a volume before nginx starts", async () => {
    await createSite(engine, { keepReleases: 1, previousImages });

    const { pod } = deploymentOf(engine);
    expect(pod).toMatchObject({
      initContainers: [
        {
          ...settings,
          name: "keep-release",
          image: previousImage,
          command: ["sh", "-c", expect.stringContaining("cd /srv/site || exit 0")],
          volumeMounts: [{ name: "kept", mountPath: "/srv/kept" }],
        },
      ],
      containers: [{ ...settings, image: siteImage }],
    });
    expect(pod.containers[0]["volumeMounts"]).toContainEqual({
      name: "kept",
      mountPath: "/srv/kept",
      readOnly: true,
    });
    expect(pod.volumes).toContainEqual({ name: "kept", emptyDir: { sizeLimit: "96Mi" } });
    expect(environmentOf()).toContain("try_files $brotli$uri $uri @kept;");
  });

  it("has one of each release, the newest first", async () => {
    await createSite(engine, { keepReleases: 3, previousImages });

    const { initContainers } = deploymentOf(engine).pod as unknown as {
      initContainers: Record<string, unknown>[];
    };
    expect(initContainers.map(({ image, name }) => [name, image])).toEqual([
      ["keep-release", previousImages[0]],
      ["keep-release-2", previousImages[1]],
    ]);
    const volumes = deploymentOf(engine).pod.volumes.filter(({ name }) => name === "kept");
    expect(volumes).toEqual([{ name: "kept", emptyDir: { sizeLimit: "96Mi" } }]);
  });

  it("has none where there was no release before, and the same settings", async () => {
    await createSite(engine, { keepReleases: 1, previousImages: [] });

    expect(deploymentOf(engine).pod).toMatchObject({ initContainers: [] });
    expect(environmentOf()).toContain("try_files $brotli$uri $uri @kept;");
  });

  it.each([
    ["by default", { environment: {} }],
    ["with an image's own web server", { keepReleases: 1, webServer: "image" as const }],
  ])("has nothing of it %s", async (_, args) => {
    jest.spyOn(pulumi.log, "warn").mockResolvedValue();
    await createSite(engine, { previousImages, ...args });

    const files = engine.tree().join().includes("-environment") ? environmentOf() : "";
    const registered = JSON.stringify([deploymentOf(engine), engine.tree(), files]);
    expect(registered).not.toMatch(/kept|initContainers|256Mi/);
    expect(registered.includes("-environment")).toBe(!("webServer" in args));
    jest.restoreAllMocks();
  });
});
