import type { FastifyInstance } from "fastify";

import { recordNotFound, unprocessable } from "../errors";
import type { GitLab } from "../gitlab";
import type { Project } from "../model/namespaces";
import type { ProtectionRule, ProtectionRuleArgs } from "../model/protectionRules";
import { integer, optional, readParameters, required, text } from "../http/parameters";
import { findExpressionProblem } from "../regex";
import { requireAdministration } from "./containerProtectionRules";
import { changeRule, levelChanges, protectionLevel, renderLevels } from "./protectionLevels";

const rules = "/projects/:id/registry/protection/tag/rules";
const maximumLength = 100;
const maximumRules = 5;

/**
 * Rules that restrict pushes and deletions of a project's tags. GitLab refuses such rules with a third-party
 * registry; the simulator treats its registry as GitLab's own. GitLab's registry refuses pushes to protected tags
 * because its tokens say so, but the sandbox's registry does not check this.
 */
export function serveContainerTagProtectionRules(app: FastifyInstance, gitlab: GitLab): void {
  app.get(rules, (request) => {
    const { id } = readParameters(request, { id: required(text) });
    const project = requireAdministration(gitlab, request, id);
    return gitlab.tagProtectionRules.list(project).map(render);
  });

  app.post(rules, (request, reply) => {
    const { id, ...given } = readParameters(request, {
      id: required(text),
      tag_name_pattern: required(text),
      minimum_access_level_for_push: required(protectionLevel),
      minimum_access_level_for_delete: required(protectionLevel),
    });
    const project = requireAdministration(gitlab, request, id);
    if (gitlab.tagProtectionRules.list(project).length >= maximumRules) {
      throw unprocessable("Maximum number of protection rules have been reached.");
    }
    const args = {
      pattern: given.tag_name_pattern,
      pushLevel: given.minimum_access_level_for_push,
      deleteLevel: given.minimum_access_level_for_delete,
    };
    const problems = findProblems(gitlab, project, args);
    if (problems.length > 0) throw unprocessable(problems);
    return reply.code(201).send(render(gitlab.tagProtectionRules.create(project, args)));
  });

  app.patch(`${rules}/:protection_rule_id`, (request) => {
    const { id, protection_rule_id, ...given } = readParameters(request, {
      id: required(text),
      protection_rule_id: required(integer),
      tag_name_pattern: optional(text),
      ...levelChanges,
    });
    const project = requireAdministration(gitlab, request, id);
    const rule = requireRule(gitlab, project, protection_rule_id);
    const args = changeRule(rule, given.tag_name_pattern, given);
    const problems = findProblems(gitlab, project, args, rule);
    // The problems of a new rule have another form.
    if (problems.length > 0) throw unprocessable({ error: problems });
    return render(gitlab.tagProtectionRules.update(rule, args));
  });

  app.delete(`${rules}/:protection_rule_id`, (request, reply) => {
    const { id, protection_rule_id } = readParameters(request, {
      id: required(text),
      protection_rule_id: required(integer),
    });
    const project = requireAdministration(gitlab, request, id);
    gitlab.tagProtectionRules.delete(requireRule(gitlab, project, protection_rule_id));
    return reply.code(204).send();
  });
}

function requireRule(gitlab: GitLab, project: Project, id: number): ProtectionRule {
  const rule = gitlab.tagProtectionRules.find(project, id);
  if (rule === undefined) throw recordNotFound();
  return rule;
}

function findProblems(
  gitlab: GitLab,
  project: Project,
  { pattern, pushLevel, deleteLevel }: ProtectionRuleArgs,
  changed?: ProtectionRule,
): string[] {
  const problems: string[] = [];
  if (pattern.trim() === "") problems.push("Tag name pattern can't be blank");
  const others = gitlab.tagProtectionRules.list(project).filter(({ id }) => id !== changed?.id);
  if (others.some((other) => other.pattern === pattern)) {
    problems.push("Tag name pattern has already been taken");
  }
  if (pattern.length > maximumLength) {
    problems.push(`Tag name pattern is too long (maximum is ${maximumLength} characters)`);
  }
  const problem = findExpressionProblem(pattern);
  if (problem !== undefined) problems.push(`Tag name pattern not valid RE2 syntax: ${problem}`);
  if (pushLevel === null || deleteLevel === null) {
    // Without both it would be a rule for immutable tags, which needs a licence.
    problems.push("Access levels should both be present");
  }
  return problems;
}

function render(rule: ProtectionRule): object {
  return {
    id: rule.id,
    project_id: rule.projectId,
    tag_name_pattern: rule.pattern,
    ...renderLevels(rule),
  };
}
