/** Types of resources that a report has something of its own to say about, as {@link ResourceChange.type} has them. */

const imageTypes = new Set(["docker-build:index:Image", "docker:index:Image"]);
const tokenTypes = new Set(["gitlab:index:ProjectDeployToken", "gitlab:index:GroupDeployToken"]);

/** Whether the resource builds an image. */
export function isImageType(type: string): boolean {
  return imageTypes.has(type);
}

/** Whether the resource is a tag, for people, over an image that is there. */
export function isTagType(type: string): boolean {
  return type === "docker-build:index:Index";
}

/** Whether the resource is a deploy token. */
export function isTokenType(type: string): boolean {
  return tokenTypes.has(type);
}

/** Whether the resource is a Kubernetes Deployment, of whatever version of its API. */
export function isDeploymentType(type: string): boolean {
  return /^kubernetes:(apps|extensions)\/\w+:Deployment$/.test(type);
}
