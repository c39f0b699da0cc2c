import { parseImage } from "../image";
import { everywhere, fromStaging, readTexts, type Rule, textList } from "../rule";
import { readText } from "../values";
import { listContainers } from "../workload";
import type { CheckedResource } from "../rule";

/** No moving tag, from staging on. */
export const imageTag: Rule = {
  name: "image-tag",
  description: "No container runs an image by the tag `latest`, or without a tag and a digest.",
  remedy: "Name the image's version or, better, its digest.",
  levels: fromStaging,
  findProblems: (resource) =>
    listImages(resource).flatMap(({ container, reference }) => {
      const { digest, tag } = parseImage(reference);
      if (digest !== undefined || (tag !== undefined && tag !== "latest")) return [];
      return [
        `Container \`${container}\` runs "${reference}", which is whatever the tag \`latest\` points to when a pod starts. Name the image's version or, better, its digest.`,
      ];
    }),
};

/** Images by digest in production. */
export const imageDigest: Rule = {
  name: "image-digest",
  description: "Containers run images by digest, which never changes its content.",
  remedy: "Use `repository@sha256:...`, such as the output `image` of a stack.",
  levels: { development: "disabled", staging: "advisory", production: "mandatory" },
  findProblems: (resource) =>
    listImages(resource).flatMap(({ container, reference }) => {
      const { digest, repository } = parseImage(reference);
      return digest === undefined
        ? [
            `Container \`${container}\` runs "${reference}", which has no digest: pods that start later could run another image than the one that was tested. Use \`${repository}@sha256:...\`.`,
          ]
        : [];
    }),
};

/** Images from the registry of the configuration. */
export const imageRegistry: Rule = {
  name: "image-registry",
  description: "Containers only run images from the registry of the stack's key `registry`.",
  remedy: "Push the image to the registry, or add its own registry to the setting `registries`.",
  levels: everywhere,
  settings: { registries: textList("Further registries, `host[:port]`, such as `docker.io`.") },
  findProblems: (resource, context) => {
    const { registry: configured } = context.stack;
    const further = readTexts(context, "registries");
    const allowed = configured === undefined ? further : [configured.toLowerCase(), ...further];
    // A program that names no registry has no wrong one.
    if (allowed.length === 0) return [];
    return listImages(resource).flatMap(({ container, reference }) => {
      const { registry } = parseImage(reference);
      if (allowed.includes(registry.toLowerCase())) return [];
      const names = allowed.map((name) => `\`${name}\``).join(", ");
      return [
        `Container \`${container}\` runs "${reference}" from the registry \`${registry}\`. Images of this stack come from ${names}. Push it there, or add \`${registry}\` to the policy's setting \`registries\`.`,
      ];
    });
  },
};

/** Images that are known: one that is not yet, such as in a preview after an edit, is checked in the update. */
function listImages(resource: CheckedResource): { container: string; reference: string }[] {
  return listContainers(resource).flatMap(({ name, spec }) => {
    const reference = readText(spec, "image");
    return reference === undefined ? [] : [{ container: name, reference }];
  });
}
