import type { FastifyInstance } from "fastify";

import { requireCaller } from "../access/authentication";
import { checkAttributes, forbidden, invalidParameters } from "../errors";
import type { GitLab } from "../gitlab";
import { roles } from "../model/members";
import {
  registryAccessLevels,
  visibilities,
  type Project,
  type Visibility,
} from "../model/namespaces";
import { boolean, oneOf, optional, readParameters, required, text } from "../http/parameters";
import { levelInProject, requireProjectRole } from "../access/permissions";
import { findPolicyProblems, mergePolicy, policyAttributes } from "./cleanupPolicyAttributes";
import { renderProjectFor } from "../entities/project";

const changeable = {
  name: optional(text),
  description: optional(text),
  default_branch: optional(text),
  visibility: optional(oneOf(visibilities)),
  container_registry_access_level: optional(oneOf(registryAccessLevels)),
  // Former name of `container_registry_access_level`.
  container_registry_enabled: optional(boolean),
  container_expiration_policy_attributes: optional(policyAttributes),
};

/** `PUT /projects/:id`: only the settings that matter for deploying a site. */
export function serveProjectUpdate(app: FastifyInstance, gitlab: GitLab): void {
  app.put("/projects/:id", (request) => {
    const caller = requireCaller(gitlab, request);
    const { id, ...changes } = readParameters(request, { id: required(text), ...changeable });
    const project = requireProjectRole(gitlab, id, caller, "maintainer");
    if (Object.keys(changes).length === 0) {
      throw invalidParameters(
        `${Object.keys(changeable).join(", ")} are missing, at least one parameter must be provided`,
      );
    }
    if (
      changes.visibility !== undefined &&
      changes.visibility !== project.visibility &&
      levelInProject(gitlab, project, caller.user) < roles.owner
    ) {
      throw forbidden();
    }

    const attributes = changes.container_expiration_policy_attributes;
    const policy = mergePolicy(gitlab.cleanupPolicies.find(project), attributes ?? {});
    const problems = {
      ...findProjectProblems(gitlab, project, changes.name, changes.visibility),
      ...(attributes && findPolicyProblems(policy)),
    };
    checkAttributes(problems);

    const enabled = changes.container_registry_enabled;
    const updated = gitlab.namespaces.updateProject(project, {
      name: changes.name ?? project.name,
      description: changes.description ?? project.description,
      defaultBranch: changes.default_branch ?? project.defaultBranch,
      visibility: changes.visibility ?? project.visibility,
      registryAccessLevel:
        changes.container_registry_access_level ??
        (enabled === undefined ? project.registryAccessLevel : enabled ? "enabled" : "disabled"),
    });
    if (attributes !== undefined) gitlab.cleanupPolicies.save(project, policy);
    return renderProjectFor(gitlab, updated, caller);
  });
}

function findProjectProblems(
  gitlab: GitLab,
  project: Project,
  name: string | undefined,
  visibility: Visibility | undefined,
): Record<string, string[]> {
  const problems: Record<string, string[]> = {};
  if (name?.trim() === "") problems["name"] = ["can't be blank"];
  const [group] = gitlab.namespaces.findLineage(project.groupId);
  if (
    visibility !== undefined &&
    group !== undefined &&
    visibilities.indexOf(visibility) > visibilities.indexOf(group.visibility)
  ) {
    problems["visibility_level"] = [`${visibility} is not allowed in a ${group.visibility} group.`];
  }
  return problems;
}
