import { parseImage } from "../image";
import type { CheckedResource, RuleContext } from "../rule";
import { everywhere, fromStaging, type Rule } from "../rule";
import { readEntries, readList, readPath, readText, unknownValue, type Value } from "../values";
import { findKind, findPod, listContainers, mayShareNamespace } from "../workload";
import { describeToken, isToken, mayWrite } from "./tokens";

/** Types of secrets with logins of registries, and their key. */
const loginKeys: Readonly<Record<string, string>> = {
  "kubernetes.io/dockerconfigjson": ".dockerconfigjson",
  "kubernetes.io/dockercfg": ".dockercfg",
};

/** User of a job's own token. It ends with the job. */
const jobUser = "gitlab-ci-token";

/** Values of the key `pullSecret` with which pods need none. */
const withoutSecret = ["never", "nodes"];

/** Pods that pull from the stack's registry name its pull secret. */
export const pullSecret: Rule = {
  name: "pull-secret",
  description: "Pods use a pull secret if their registry needs one.",
  remedy: "Name the secret in `imagePullSecrets`, of the pod or of its service account.",
  levels: fromStaging,
  findStackProblems: (resources, context) => {
    if (!needsPullSecret(resources, context)) return [];
    return resources
      .filter((workload) => pullsFromRegistry(workload, context))
      .filter((workload) => !hasPullSecret(workload, resources))
      .map(({ urn }) => ({
        urn,
        message: `The pod pulls from \`${context.stack.registry ?? ""}\` and has no \`imagePullSecrets\`: nodes without the image can't start it. Name the stack's pull secret there or in the pod's service account; if the nodes have credentials: \`pulumi config set pullSecret nodes\`.`,
      }));
  },
};

/** A pull secret outlives the job that made it. */
export const pullSecretJobToken: Rule = {
  name: "pull-secret-job-token",
  description: "No pull secret has the token of a pipeline's job, which ends with the job.",
  remedy: "Use a deploy token with the scope `read_registry`.",
  levels: everywhere,
  findProblems: (resource) =>
    readLogins(resource)
      .filter(({ password, username }) => username === jobUser || /^glcbt-/.test(password ?? ""))
      .map(
        ({ registry }) =>
          `The login for \`${registry}\` is a job's token (CI_JOB_TOKEN): it ends with the job, and pods that start later can't pull. Use a deploy token with the scope \`read_registry\`, as \`RegistryAccess\` creates it.`,
      ),
};

/** New credentials change the secret in place. */
export const pullSecretMutable: Rule = {
  name: "pull-secret-mutable",
  description: "The provider of a pull secret with a fixed name changes it in place.",
  remedy: "Give the secret a Kubernetes provider with `enableSecretMutable: true`.",
  levels: fromStaging,
  findProblems: (resource) => {
    const { properties, provider } = resource;
    if (findLoginKey(resource) === undefined) return [];
    const name = readPath(properties, "metadata", "name");
    const isAutonamed = readPath(properties, "metadata", "annotations", "pulumi.com/autonamed");
    const isMutable = readPath(provider, "enableSecretMutable");
    if (name === undefined || isAutonamed === "true") return [];
    return isMutable === unknownValue || isMutable === true || isMutable === "true"
      ? []
      : [
          `The secret has a fixed name${typeof name === "string" ? `, "${name}"` : ""}, and its provider's \`enableSecretMutable\` is not true: new credentials delete it before they create it, and pods can't pull in between. Use \`createClusterProvider\`, or a provider with \`enableSecretMutable: true\`.`,
        ];
  },
};

/** A cluster only reads. */
export const pullSecretScope: Rule = {
  name: "pull-secret-scope",
  description: "No pull secret has a token that may write.",
  remedy: "Use a token with only the scope `read_registry`.",
  levels: fromStaging,
  findStackProblems: (resources) =>
    resources
      .filter((resource) => findLoginKey(resource) !== undefined)
      .flatMap(({ sources, urn }) => {
        const used = new Set([...(sources.data ?? []), ...(sources.stringData ?? [])]);
        return resources
          .filter((token) => used.has(token.urn) && isToken(token) && mayWrite(token))
          .map((token) => ({
            urn,
            message: `The secret has the token \`${describeToken(token)}\`, which may write: whoever reads the secret could replace images. Use a token with only the scope \`read_registry\`.`,
          }));
      }),
};

function findLoginKey(resource: CheckedResource): string | undefined {
  if (findKind(resource) !== "Secret") return undefined;
  return loginKeys[readText(resource.properties, "type") ?? ""];
}

interface Login {
  readonly registry: string;
  readonly username?: string;
  readonly password?: string;
}

/** Reads the logins of a pull secret; none if they are unknown. */
function readLogins(resource: CheckedResource): Login[] {
  const key = findLoginKey(resource);
  if (key === undefined) return [];
  const encoded = readText(resource.properties, "data", key);
  const text =
    readText(resource.properties, "stringData", key) ?? (encoded && decodeBase64(encoded));
  const file = parseJson(text ?? "");
  return readEntries(readPath(file, "auths") ?? file).map(([registry, login]) => {
    const [username, password] = decodeBase64(readText(login, "auth") ?? "").split(/:(.*)/s);
    return {
      registry,
      username: readText(login, "username") ?? username,
      password: readText(login, "password") ?? password,
    };
  });
}

function needsPullSecret(resources: readonly CheckedResource[], { stack }: RuleContext): boolean {
  if (stack.registry === undefined || withoutSecret.includes(stack.pullSecret ?? "")) return false;
  return (
    stack.pullSecret === "always" ||
    // `auto`: the program has asked GitLab, and creates one if pods need it.
    resources.some((resource) => findLoginKey(resource) !== undefined)
  );
}

function pullsFromRegistry(resource: CheckedResource, { stack }: RuleContext): boolean {
  return listContainers(resource).some(({ spec }) => {
    const image = readText(spec, "image");
    return image !== undefined && parseImage(image).registry === stack.registry?.toLowerCase();
  });
}

function hasPullSecret(workload: CheckedResource, resources: readonly CheckedResource[]): boolean {
  const spec = readPath(findPod(workload), "spec");
  if (mayName(readPath(spec, "imagePullSecrets"))) return true;
  const account = readPath(spec, "serviceAccountName") ?? "default";
  return resources.some((resource) => {
    if (account === unknownValue) return true;
    const { properties } = resource;
    // An entry in the list of an existing account: see PullSecretEntry.
    if (readText(properties, "account") === account) return "secret" in Object(properties);
    return (
      findKind(resource) === "ServiceAccount" &&
      mayShareNamespace(resource, workload) &&
      readText(properties, "metadata", "name") === account &&
      mayName(readPath(properties, "imagePullSecrets"))
    );
  });
}

/** Whether a list of secrets has one, or may have. */
function mayName(list: Value): boolean {
  return list === unknownValue || readList(list).length > 0;
}

function decodeBase64(text: string): string {
  return Buffer.from(text, "base64").toString("utf8");
}

function parseJson(text: string): Value {
  try {
    return JSON.parse(text) as Value;
  } catch {
    // Not the secret's place to say so: Kubernetes refuses it.
    return undefined;
  }
}
