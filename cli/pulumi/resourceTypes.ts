/** The parts of a resource's address: `urn:pulumi:<stack>::<project>::<types>::<name>`. */
export interface UrnParts {
  readonly stack: string;
  readonly project: string;
  /** Type token of the resource itself, such as `kubernetes:core/v1:Namespace`. */
  readonly type: string;
  readonly name: string;
}

/** Splits a resource's address; every part is empty if the text is not an address. */
export function parseUrn(urn: string): UrnParts {
  const [, stack = "", project = "", types = "", name = ""] =
    /^urn:pulumi:(.*?)::(.*?)::(.*?)::(.*)$/s.exec(urn) ?? [];
  return { stack, project, type: types.split("$").at(-1) ?? "", name };
}

/** Type of the root resource of a stack. */
export const stackType = "pulumi:pulumi:Stack";

const imageTypes = new Set(["docker-build:index:Image", "docker:index:Image"]);

/** Whether the resource builds an image. */
export function isImage(type: string): boolean {
  return imageTypes.has(type);
}

/** Whether the resource is a human-readable tag of an image that exists. */
export function isTag(type: string): boolean {
  return type === "docker-build:index:Index";
}

/** Whether the resource is a deploy token. States have a module in the type that reports leave out. */
export function isDeployToken(type: string): boolean {
  return /^gitlab:index(\/\w+)?:(Project|Group)DeployToken$/.test(type);
}

/** Whether the resource is an object in a Kubernetes cluster of its own, not a part of another's. */
export function isKubernetesObject(type: string): boolean {
  return /^kubernetes:[\w.]+\/\w+:\w+$/.test(type) && !type.endsWith("Patch");
}

/** Whether the resource is a Kubernetes Deployment, of any version of its API. */
export function isDeployment(type: string): boolean {
  return /^kubernetes:(apps|extensions)\/\w+:Deployment$/.test(type);
}
