import * as pulumi from "@pulumi/pulumi";

import { GroupDeployToken } from "./groupDeployToken";
import { ProjectDeployToken } from "./projectDeployToken";
import { Provider } from "./provider";
import { getVersion } from "./utilities";

export { config } from "./config";
export { getProject, type GetProjectArgs, type GetProjectResult } from "./getProject";
export {
  GroupDeployToken,
  type GroupDeployTokenArgs,
  type GroupDeployTokenState,
} from "./groupDeployToken";
export {
  ProjectDeployToken,
  type ProjectDeployTokenArgs,
  type ProjectDeployTokenState,
} from "./projectDeployToken";
export { Provider, type ProviderArgs } from "./provider";

// How the SDK makes an object again of a reference to a resource that crossed a process border.
pulumi.runtime.registerResourceModule("gitlab", "index/projectDeployToken", {
  version: getVersion(),
  construct: (name, _type, urn) => new ProjectDeployToken(name, undefined, { urn }),
});
pulumi.runtime.registerResourceModule("gitlab", "index/groupDeployToken", {
  version: getVersion(),
  construct: (name, _type, urn) => new GroupDeployToken(name, undefined, { urn }),
});
pulumi.runtime.registerResourcePackage("gitlab", {
  version: getVersion(),
  constructProvider: (name, _type, urn) => new Provider(name, undefined, { urn }),
});
