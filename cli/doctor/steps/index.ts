import { createConnectionSteps } from "./connection";
import { clusterStep } from "./cluster";
import { configurationStep } from "./configuration";
import { deploymentStep } from "./deployment";
import { gitlabStep } from "./gitlab";
import { imageStep } from "./image";
import { loginStep } from "./login";
import { namespaceStep } from "./namespace";
import { nodePullStep } from "./nodePull";
import { platformStep } from "./platform";
import { pullSecretStep } from "./pullSecret";
import { registryStep } from "./registry";
import { repositoryStep } from "./repository";
import { stateStep } from "./state";
import type { Step } from "../step";

/** All steps, in the order in which they are shown: from this machine to the running site. */
export const steps: readonly Step[] = [
  configurationStep,
  ...createConnectionSteps({
    id: "gitlab",
    name: "GitLab",
    locate: (inspection) => new URL(inspection.get("target").apiUrl),
  }),
  ...createConnectionSteps({
    id: "registry",
    name: "the registry",
    locate: (inspection) => new URL(`https://${inspection.get("target").registry}/`),
  }),
  registryStep,
  stateStep,
  loginStep,
  repositoryStep,
  imageStep,
  gitlabStep,
  clusterStep,
  platformStep,
  namespaceStep,
  pullSecretStep,
  nodePullStep,
  deploymentStep,
];
