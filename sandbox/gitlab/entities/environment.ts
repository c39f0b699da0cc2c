import { renderProject } from "./project";
import type { GitLab } from "../gitlab";
import type { Environment } from "../model/environments";
import { roles } from "../model/members";
import type { Project } from "../model/namespaces";
import type { User } from "../model/users";
import { levelInProject } from "../access/permissions";
import { renderDeployment } from "./deployment";
import { renderEnvironmentBasic } from "./environmentBasic";

/** Renders an environment as lists and changes show it, with its project. */
export function renderEnvironment(
  gitlab: GitLab,
  project: Project,
  environment: Environment,
  user: User,
): object {
  return {
    ...renderOwn(gitlab, project, environment, user),
    project: renderProject(gitlab, project),
  };
}

/** Renders a single environment, with its last deployment. */
export function renderSingleEnvironment(
  gitlab: GitLab,
  project: Project,
  environment: Environment,
  user: User,
): object {
  const last = gitlab.deployments.findLast(environment);
  return {
    ...renderOwn(gitlab, project, environment, user),
    last_deployment: last === undefined ? null : renderDeployment(gitlab, last),
  };
}

function renderOwn(gitlab: GitLab, project: Project, environment: Environment, user: User): object {
  return {
    ...renderEnvironmentBasic(environment),
    tier: environment.tier,
    state: environment.state,
    auto_stop_at: environment.autoStopAt,
    auto_stop_setting: environment.autoStopSetting,
    description: environment.description,
    // Only users who may deploy there see where it runs.
    ...(levelInProject(gitlab, project, user) < roles.developer
      ? {}
      : {
          cluster_agent: null,
          kubernetes_namespace: environment.kubernetesNamespace,
          flux_resource_path: environment.fluxResourcePath,
        }),
  };
}
