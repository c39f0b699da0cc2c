import { RegistryError } from "../../../components/registry/registryClient";
import { findSizeProblem } from "../../../components/image/sizeBudget";

const repository = "gitlab.example.com:5050/web/gatsby-site";
const MiB = 1024 * 1024;

const config = {
  history: [
    { created_by: "COPY rootfs /" },
    { created_by: "ENV NODE_ENV=production", empty_layer: true },
    { created_by: "RUN /bin/sh -c apk add nginx \\\n    && rm -rf /var/cache" },
    { created_by: "COPY /site/public /srv/site # buildkit" },
    { created_by: `RUN ${"x".repeat(200)}` },
  ],
};

const manifest = {
  config: { digest: "config", size: 1 },
  layers: [1, 5, 20.26, 10].map((size) => ({ digest: "layer", size: size * MiB })),
};

function find(
  budgetMiB: number,
  contents: Record<string, unknown>,
  blobs: Record<string, unknown> = { config },
): Promise<string | undefined> {
  const reader = {
    repository,
    findManifest: (digest: string) => Promise.resolve(contents[digest]),
    findJsonBlob: (digest: string) => Promise.resolve(blobs[digest]),
  };
  return findSizeProblem(reader, "release", budgetMiB);
}

describe("findSizeProblem", () => {
  it.each([37, 100])("finds none within a budget of %d MiB", async (budgetMiB) => {
    expect(await find(budgetMiB, { release: manifest })).toBeUndefined();
  });

  it("lists the largest layers and the commands that made them", async () => {
    expect(await find(36, { release: manifest })).toBe(
      [
        `The image has 36.3 MiB of compressed layers, more than its \`sizeBudgetMiB\` of 36: \`${repository}@release\` was pushed, but is not deployed.`,
        "Make its largest layers smaller, or raise the budget:",
        "  - 20.3 MiB: COPY /site/public /srv/site",
        `  - 10.0 MiB: RUN ${"x".repeat(96)}...`,
        "  - 5.0 MiB: RUN /bin/sh -c apk add nginx \\ && rm -rf /var/cache",
      ].join("\n"),
    );
  });

  it("judges each platform's image by itself, and names the first that is too large", async () => {
    const small = { ...manifest, layers: manifest.layers.slice(0, 1) };
    const index = {
      manifests: [
        { digest: "amd64", platform: { os: "linux", architecture: "amd64" } },
        { digest: "arm64", platform: { os: "linux", architecture: "arm64" } },
      ],
    };
    const problem = await find(30, { release: index, amd64: small, arm64: manifest });
    expect(problem).toMatch(/^The image for linux\/arm64 has 36\.3 MiB/);
    expect(await find(40, { release: index, amd64: small, arm64: manifest })).toBeUndefined();
  });

  it("speaks of no platform where there is one", async () => {
    const index = {
      manifests: [{ digest: "one", platform: { os: "linux", architecture: "arm" } }],
    };
    expect(await find(30, { release: index, one: manifest })).toMatch(/^The image has 36\.3 MiB/);
  });

  it("does without the commands where the image does not say them", async () => {
    const problem = await find(36, { release: manifest }, {});
    expect(problem).toContain("  - 20.3 MiB: a layer whose command is not known");
  });

  it("says that a manifest is gone", async () => {
    expect(await find(36, {})).toBe(
      `The size of \`${repository}@release\` is unknown. The registry has no manifest release.`,
    );
  });

  it("says why the registry doesn't answer", async () => {
    const failure = new RegistryError("Request failed with status code 403: GET https://x.", 403);
    const reader = {
      repository,
      findManifest: () => Promise.reject(failure),
      findJsonBlob: () => Promise.reject(failure),
    };
    expect(await findSizeProblem(reader, "release", 1)).toBe(
      `The size of \`${repository}@release\` is unknown. Request failed with status code 403: GET https://x.`,
    );
  });
});
