import type { GitLab } from "../gitlab";
import type { Deployment } from "../model/deployments";
import type { Environment } from "../model/environments";
import { renderEnvironmentBasic } from "./environmentBasic";
import { renderUserById } from "./user";

/**
 * Renders a deployment.
 *
 * @param environment `undefined` if the deployment is shown as part of its environment
 */
export function renderDeployment(
  gitlab: GitLab,
  deployment: Deployment,
  environment?: Environment,
): object {
  return {
    id: deployment.id,
    iid: deployment.iid,
    ref: deployment.ref,
    sha: deployment.sha,
    created_at: deployment.createdAt,
    updated_at: deployment.updatedAt,
    user: renderUserById(gitlab, deployment.userId),
    ...(environment === undefined ? {} : { environment: renderEnvironmentBasic(environment) }),
    // GitLab's own jobs have the job here; deployments of the API have none.
    deployable: null,
    status: deployment.status,
  };
}
