import type { GitLab } from "../gitlab";
import type { Deployment } from "../model/deployments";
import type { Environment } from "../model/environments";
import { renderEnvironmentBasic } from "./environmentBasic";
import { renderUserById } from "./user";

/**
 * A deployment.
 *
 * @param environment none where the deployment is shown as the environment's
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
    // Those of GitLab's own jobs have the job here; those that the API makes have none.
    deployable: null,
    status: deployment.status,
  };
}
