import type { ResourceChange } from "./changes";
import type { PropertyChange } from "./propertyChanges";
import { isDeployment, isImage } from "../pulumi/resourceTypes";
import { enumerate, sentence, words, type Sentence } from "./sentence";

/**
 * Says if the update builds the site's image, and why; if it does not, which image is deployed.
 *
 * @param changes all changes of the preview
 */
export function describeImage(changes: readonly ResourceChange[]): Sentence {
  const image = changes.find(({ type }) => isImage(type));
  switch (image?.kind) {
    case undefined:
      return sentence`Not rebuilt. ${describeDeployed(changes)}`;
    case "create":
      return sentence`Built for the first time.`;
    case "delete":
    case "forget":
      return sentence`No longer built by this stack. ${describeDeployed(changes)}`;
    case "update":
    case "replace":
      return sentence`Rebuilt: ${listReasons(image.properties)}.`;
  }
}

/** Describes the deployed image. Without a build it can still change: to a promoted or a pinned one. */
function describeDeployed(changes: readonly ResourceChange[]): Sentence {
  const change = changes
    .filter(({ type, kind }) => isDeployment(type) && kind !== "delete")
    .flatMap(({ properties }) => properties)
    .find(({ path }) => imagePath.test(path));
  if (change === undefined) return [];
  const { before, after } = change;
  if (after === undefined) return [];
  return before === undefined
    ? sentence`The site runs ${shortenReference(after)}.`
    : sentence`The site goes from ${shortenReference(before)} to ${shortenReference(after)}.`;
}

/** Path of the image of a container that is not an init container. */
const imagePath = /\bcontainers\[\d+\]\.image$/;

/** Number of characters that identify a digest, as in git's short commit ids. */
const digestCharacters = 12;

function shortenReference(value: string): string {
  const [, digest] = /(sha256:[0-9a-f]{64})/.exec(value) ?? [];
  return digest?.slice(0, "sha256:".length + digestCharacters) ?? value.replaceAll('"', "");
}

/**
 * Lists the reasons in a reader's terms. The files come first: the image's tag and exports follow from them, and from
 * the build arguments and the Dockerfile.
 */
function listReasons(properties: readonly PropertyChange[]): Sentence {
  const roots = new Set(properties.map(({ path }) => /^[^.[]*/.exec(path)?.[0] ?? path));
  const reasons = [...roots]
    .filter((root) => !followsFromOthers.has(root))
    .map((root) => describeReason(root, properties));
  if (reasons.length > 0) return enumerate(reasons);
  return words("what it is made of changed (the site's files, the Dockerfile or build arguments)");
}

/** Properties that change whenever the image's contents do. */
const followsFromOthers = new Set(["tags", "exports", "imageName", "digest", "ref", "id"]);

function describeReason(root: string, properties: readonly PropertyChange[]): Sentence {
  switch (root) {
    case "context":
    case "contextHash":
      return words("the site's files changed");
    case "dockerfile":
      return words("the Dockerfile changed");
    case "buildArgs": {
      const names = properties.flatMap(({ path }) => /^buildArgs\.?(.+)$/.exec(path)?.[1] ?? []);
      return sentence`build argument ${enumerate(names.map((name) => sentence`${name}`))} changed`;
    }
    case "registries":
      return words("the registry or the user name to push with changed");
    case "builder":
      return words("another builder is used");
    default:
      return sentence`${root} changed`;
  }
}
