import type { FastifyInstance, FastifyRequest } from "fastify";

import { requireCaller } from "../access/authentication";
import { forbidden, invalidParameters, recordNotFound, unprocessable } from "../errors";
import type { GitLab } from "../gitlab";
import type { Project } from "../model/namespaces";
import type { ProtectionRule, ProtectionRuleArgs } from "../model/protectionRules";
import { integer, optional, readParameters, required, text } from "../http/parameters";
import { requireProject } from "../access/permissions";
import { mayAdministerImages } from "../registry/abilities";
import { changeRule, levelChanges, protectionLevel, renderLevels } from "./protectionLevels";

const rules = "/projects/:id/registry/protection/repository/rules";
const maximumLength = 255;

/** Rules that restrict pushes to, and deletions of, a project's repositories. */
export function serveContainerProtectionRules(app: FastifyInstance, gitlab: GitLab): void {
  app.get(rules, (request) => {
    const { id } = readParameters(request, { id: required(text) });
    const project = requireAdministration(gitlab, request, id);
    return gitlab.repositoryProtectionRules.list(project).map(render);
  });

  app.post(rules, (request, reply) => {
    const { id, ...given } = readParameters(request, {
      id: required(text),
      repository_path_pattern: required(text),
      minimum_access_level_for_push: optional(protectionLevel),
      minimum_access_level_for_delete: optional(protectionLevel),
    });
    if (!given.minimum_access_level_for_push && !given.minimum_access_level_for_delete) {
      throw invalidParameters(
        "minimum_access_level_for_push, minimum_access_level_for_delete are missing, at least one parameter must be provided",
      );
    }
    const project = requireAdministration(gitlab, request, id);
    const args = {
      pattern: given.repository_path_pattern,
      pushLevel: given.minimum_access_level_for_push ?? null,
      deleteLevel: given.minimum_access_level_for_delete ?? null,
    };
    check(gitlab, project, args);
    return reply.code(201).send(render(gitlab.repositoryProtectionRules.create(project, args)));
  });

  app.patch(`${rules}/:protection_rule_id`, (request) => {
    const { id, protection_rule_id, ...given } = readParameters(request, {
      id: required(text),
      protection_rule_id: required(integer),
      repository_path_pattern: optional(text),
      ...levelChanges,
    });
    const project = requireAdministration(gitlab, request, id);
    const rule = requireRule(gitlab, project, protection_rule_id);
    const args = changeRule(rule, given.repository_path_pattern, given);
    check(gitlab, project, args, rule);
    return render(gitlab.repositoryProtectionRules.update(rule, args));
  });

  app.delete(`${rules}/:protection_rule_id`, (request, reply) => {
    const { id, protection_rule_id } = readParameters(request, {
      id: required(text),
      protection_rule_id: required(integer),
    });
    const project = requireAdministration(gitlab, request, id);
    gitlab.repositoryProtectionRules.delete(requireRule(gitlab, project, protection_rule_id));
    return reply.code(204).send();
  });
}

/**
 * Returns the project if the caller may administer its images. Looks for the project before it refuses the caller.
 */
export function requireAdministration(
  gitlab: GitLab,
  request: FastifyRequest,
  id: string,
): Project {
  const caller = requireCaller(gitlab, request);
  const project = requireProject(gitlab, id, caller);
  if (!mayAdministerImages(gitlab, project, caller.user)) throw forbidden();
  return project;
}

function requireRule(gitlab: GitLab, project: Project, id: number): ProtectionRule {
  const rule = gitlab.repositoryProtectionRules.find(project, id);
  if (rule === undefined) throw recordNotFound();
  return rule;
}

const pathPattern = /^[a-z0-9*]+(?:(?:[._/]|__|-*)[a-z0-9*])*$/;

function check(
  gitlab: GitLab,
  project: Project,
  { pattern, pushLevel, deleteLevel }: ProtectionRuleArgs,
  changed?: ProtectionRule,
): void {
  const problems: string[] = [];
  if (pattern.trim() === "") problems.push("Repository path pattern can't be blank");
  const others = gitlab.repositoryProtectionRules
    .list(project)
    .filter(({ id }) => id !== changed?.id);
  if (others.some((other) => other.pattern === pattern)) {
    problems.push("Repository path pattern has already been taken");
  }
  if (pattern.length > maximumLength) {
    problems.push(`Repository path pattern is too long (maximum is ${maximumLength} characters)`);
  }
  if (!pathPattern.test(pattern)) {
    problems.push(
      "Repository path pattern should be a valid container repository path with optional wildcard characters.",
    );
  }
  if (!pattern.toLowerCase().startsWith(project.path.toLowerCase())) {
    // GitLab has this rule; its wording is not verified.
    problems.push("Repository path pattern should start with the project's full path");
  }
  if (pushLevel === null && deleteLevel === null) {
    problems.push("A rule must have at least a minimum access role for push or delete.");
  }
  if (problems.length > 0) throw unprocessable({ error: joinAsSentence(problems) });
}

function joinAsSentence(parts: readonly string[]): string {
  return new Intl.ListFormat("en-US", { type: "conjunction" }).format(parts);
}

function render(rule: ProtectionRule): object {
  return {
    id: rule.id,
    project_id: rule.projectId,
    repository_path_pattern: rule.pattern,
    ...renderLevels(rule),
  };
}
