import {
  certificateSecret,
  defaultBuilder,
  defaultOutputDirectory,
  environmentSecret,
  type ImageBuilder,
  imageBuilders,
  imagePlatforms,
  type ImagePlatform,
} from "../../components/image/imageBuild";
import { key, listKey, optionalKey, structuredKey } from "../keyDefinition";
import { record, text } from "../structures";
import {
  isBoolean,
  isListOf,
  isOneOf,
  isPathBelow,
  isPathFrom,
  isWholeNumber,
  matches,
} from "../validators";

const namesAndTexts = "names and text values";

function findBuildArgProblem(name: string): string | undefined {
  return /^[A-Za-z_]\w*$/.test(name)
    ? undefined
    : `has "${name}", which is not a build argument's name.`;
}

function findSecretProblem(id: string): string | undefined {
  if (!/^[A-Za-z_][\w.-]*$/.test(id)) return `has "${id}", which is not a secret's name.`;
  if (id === environmentSecret) {
    return `has "${id}", the name of the build secret with all others. Use another name.`;
  }
  return id === certificateSecret
    ? `has "${id}", the name of the build secret with the trusted certificates. Use another name.`
    : undefined;
}

/** How the image is built. */
export const imageKeys = {
  siteDirectory: key<string>({
    description: "Folder of the site, relative to Pulumi.yaml",
    default: "site",
    example: "site",
    validate: isPathFrom("the folder of Pulumi.yaml"),
  }),
  outputDirectory: key<string>({
    description:
      "Folder below the site's in which its build leaves the pages; the Dockerfile gets it as `OUTPUT_DIRECTORY`",
    default: defaultOutputDirectory,
    example: defaultOutputDirectory,
    validate: isPathBelow("the site's folder"),
  }),
  dockerfile: optionalKey({
    description:
      "Path of the Dockerfile, relative to Pulumi.yaml; the one in the site's folder if empty",
    example: "site/Dockerfile",
    validate: isPathFrom("the folder of Pulumi.yaml"),
  }),
  buildArgs: structuredKey({
    description: "Build arguments, such as the base images. Anyone who has the image can read them",
    default: {},
    example: "--path 'buildArgs.NODE_IMAGE' <image>",
    structure: record(namesAndTexts, text, findBuildArgProblem),
  }),
  buildSecrets: structuredKey({
    description:
      "Build secrets by name, for `RUN --mount=type=secret,id=<name>`; set them with `--secret`. A changed value does not rebuild the image",
    default: {},
    example: "--secret --path 'buildSecrets.NPM_TOKEN'",
    secret: "all",
    structure: record(namesAndTexts, text, findSecretProblem),
  }),
  target: optionalKey({
    description: "Stage of the Dockerfile that becomes the image; the last one if empty",
    example: "web",
    validate: matches(
      /^[A-Za-z][\w.-]*$/,
      "a stage of a Dockerfile: a letter, then letters, digits, `_`, `.` and `-`",
    ),
  }),
  platforms: listKey<ImagePlatform>({
    description:
      "Platforms to build for, such as `linux/amd64,linux/arm64`; the builder's own platform if empty",
    default: [],
    example: "linux/amd64,linux/arm64",
    validate: isListOf(imagePlatforms),
  }),
  builder: key<ImageBuilder>({
    description:
      "What builds the image: `buildkit` (buildx's builder `slipway`) or `engine` (this machine's Docker engine: no build secrets, no layers in the registry, one platform, no tags that keep an image from cleanup, promotion only to stacks with `tags` none)",
    default: defaultBuilder,
    example: "buildkit",
    validate: isOneOf(imageBuilders),
  }),
  cache: key<boolean>({
    description: "Whether to keep the layers of all stages in the registry for the next build",
    default: true,
    example: "true",
    validate: isBoolean,
  }),
  skipServerPages: key<boolean>({
    description:
      "Whether to deploy a site without its pages that a server renders (`getServerData`), its deferred pages and its functions (`src/api`), which an image of files can't serve. If false they are refused",
    default: false,
    example: "true",
    validate: isBoolean,
  }),
  sizeBudgetMiB: key<number>({
    description: "Maximum size of the image's compressed layers, in MiB; 0 for any size",
    default: 0,
    example: "100",
    validate: isWholeNumber(0, 100_000),
  }),
};
