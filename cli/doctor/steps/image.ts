import { describeImage, type ImageDescription } from "../../../components/image/sizeBudget";
import { RegistryClient, RegistryError } from "../../../components/registry/registryClient";
import type { Inspection } from "../inspection";
import type { Outcome, Step } from "../step";

/** Above this size, in MiB, an image of a static site has something in it that it does not need. */
const largeMiB = 150;

/** What the pods have to pull, in the registry: by digest and by tag, its platforms and its size. */
export const imageStep: Step = {
  id: "image",
  title: "Image",
  failure: "image",
  needsStack: true,
  dependsOn: ["repository"],
  limitSeconds: 20,
  run: async (inspection) => {
    const image = inspection.find("image");
    if (image === undefined) return { leftOut: "nothing is deployed yet" };
    const [grant] = inspection.get("grants");
    const { caCertificate } = inspection.get("target");
    const client = new RegistryClient(image.repository, grant.login, {
      env: inspection.io.env,
      caCertificate,
      timeoutMs: 8_000,
      totalTimeoutMs: 4_000,
    });
    try {
      return await inspectImage(inspection, client, image.digest, image.tags);
    } catch (error) {
      if (!(error instanceof RegistryError)) throw error;
      const remedy = "Run `slipway doctor` again. If it stays: sudo gitlab-ctl tail registry";
      return { findings: [{ cause: error.message, remedy, failure: "gitlab" }] };
    }
  },
};

async function inspectImage(
  inspection: Inspection,
  client: RegistryClient,
  digest: string,
  tags: readonly string[],
): Promise<Outcome> {
  const { stack } = inspection.get("stack");
  const [found, ...tagged] = await Promise.all(
    [digest, ...tags].map((reference) => client.findDigest(reference)),
  );
  if (found === undefined) {
    return {
      findings: [
        {
          cause: `The registry no longer has ${digest}, which \`${stack}\` deploys: somebody or a cleanup policy deleted it. New nodes can't start the site.`,
          remedy: `npx slipway up ${stack}    # builds it again; where the stack promotes: npx slipway rollback ${stack} --to <digest>`,
        },
      ],
    };
  }
  const images = await describeImage(client, digest);
  inspection.set(
    "platforms",
    images.map(({ platform }) => platform),
  );
  const lost = tags.filter((_, index) => tagged[index] === undefined);
  return {
    detail: images.map(({ platform, size }) => `${platform} ${size}`).join(", "),
    warnings: [
      ...(tags.length > 0 && lost.length === tags.length
        ? [
            {
              cause: `All tags of ${digest} are gone (${lost.join(", ")}), so GitLab's garbage collection may delete it.`,
              remedy: `npx slipway up ${stack}    # sets them again`,
            },
          ]
        : []),
      ...images.flatMap((image) => describeSize(image)),
    ],
  };
}

function describeSize({ bytes, largest, platform, size }: ImageDescription) {
  if (bytes <= largeMiB * 1024 * 1024) return [];
  return [
    {
      cause: `The image for ${platform} has ${size} of compressed layers, which every node has to pull.`,
      remedy:
        "Let the Dockerfile's last stage copy only `public/`, on a small base; leave out devDependencies and, with .dockerignore, what the build does not read.",
      lines: largest,
    },
  ];
}
