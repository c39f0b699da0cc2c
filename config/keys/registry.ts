import { caCertificateKey } from "../caCertificate";
import { cleanupPolicyKey } from "../cleanupPolicy";
import { key, optionalKey, requiredKey } from "../keyDefinition";
import { invalid, valid } from "../result";
import { matches, type Validator } from "../validators";

/** Registry of GitLab.com. */
export const defaultRegistry = "registry.gitlab.com";

/** Levels of repositories that GitLab allows below a project's own repository. */
export const repositoryLevels = 2;

const pathPattern = /^[A-Za-z0-9_][\w.-]*(\/[A-Za-z0-9_][\w.-]*)*$/;

/** A project's path. Its number would not do: the path names the image repository. */
const isProject: Validator<string> = (text) => {
  if (/^\d+$/.test(text)) {
    return invalid(`is "${text}", a number. Images are named after the project's path: use that.`);
  }
  return text.includes("/") && pathPattern.test(text)
    ? valid(text)
    : invalid(`is "${text}", which is not a path such as "group/project".`);
};

/** A registry as images name it. In lower case, so that the image and its pull secret name the same one. */
const isRegistry: Validator<string> = (text) => {
  const scheme = /^[a-z]+:\/\//i.exec(text)?.[0];
  if (scheme) return invalid(`is "${text}". Images name a registry without "${scheme}".`);
  if (text.includes("/")) {
    return invalid(`is "${text}". Use only the host and the port: remove "/" and what follows.`);
  }
  const parts = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(?::(\d{1,5}))?$/i.exec(text);
  const port = Number(parts?.[2] ?? 443);
  return parts && port > 0 && port <= 65535
    ? valid(text.toLowerCase())
    : invalid(`is "${text}", which is not a host with an optional port.`);
};

const hasImageCharacters = matches(
  /^[a-z0-9]+([._-]+[a-z0-9]+)*(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/,
  "an image name: lower-case letters and digits, with `.`, `_`, `-` or `/` in between",
);

/** @see https://docs.gitlab.com/user/packages/container_registry/#naming-convention-for-your-container-images */
const isImageName: Validator<string> = (text) =>
  text.split("/").length > repositoryLevels
    ? invalid(
        `is "${text}". GitLab allows at most ${repositoryLevels} names below the project's own.`,
      )
    : hasImageCharacters(text);

/** GitLab's project, its container registry and the image's place in it. */
export const registryKeys = {
  project: requiredKey({
    description: "Path of the site's GitLab project, e.g. `group/project`. Required",
    missing: "is missing. It is the path of the site's project in GitLab.",
    example: "group/project",
    validate: isProject,
  }),
  group: optionalKey({
    description:
      "Path or number of a group above the project, to create group deploy tokens instead of project ones",
    example: "group",
    validate: matches(pathPattern, 'the path or number of a group, such as "group"'),
  }),
  registry: key({
    description: "Container registry as images name it, `host[:port]`",
    default: defaultRegistry,
    example: "gitlab.example.com:5050",
    validate: isRegistry,
  }),
  imageName: optionalKey({
    description: "Name of the image below the project's own repository",
    example: "site",
    validate: isImageName,
  }),
  caCertificate: caCertificateKey,
  cleanupPolicy: cleanupPolicyKey,
};
