import type { FastifyInstance, FastifyRequest } from "fastify";

import { requireCaller } from "../access/authentication";
import { checkAttributes, conflict, invalidAttributes, resourceNotFound } from "../errors";
import type { GitLab } from "../gitlab";
import {
  findVariableProblems,
  variableTypes,
  type CiVariable,
  type CiVariableFields,
} from "../model/ciVariables";
import type { Holder } from "../model/deployTokens";
import { paginate } from "../http/pagination";
import {
  boolean,
  oneOf,
  optional,
  type ParseResult,
  readParameters,
  required,
  text,
} from "../http/parameters";
import { levelInGroup, requireGroup, requireProjectRole, requireRole } from "../access/permissions";

/** Finds the project or group, and refuses a caller without the right before any other parameter is checked. */
type Authorize = (gitlab: GitLab, request: FastifyRequest) => Holder;

const places: readonly { path: string; authorize: Authorize }[] = [
  { path: "/projects/:id/variables", authorize: authorizeInProject },
  { path: "/groups/:id/variables", authorize: authorizeInGroup },
];

const fields = {
  protected: optional(boolean),
  masked: optional(boolean),
  raw: optional(boolean),
  variable_type: optional(oneOf(variableTypes)),
  environment_scope: optional(text),
  description: optional(text),
};

/** The CI variables of projects and groups. As in GitLab, their values are returned to users who may see them. */
export function serveCiVariables(app: FastifyInstance, gitlab: GitLab): void {
  for (const { path, authorize } of places) {
    app.get(path, (request, reply) => {
      const variables = gitlab.ciVariables.list(authorize(gitlab, request));
      return paginate(gitlab, request, reply, variables).map(renderVariable);
    });

    app.get(`${path}/:key`, (request) =>
      renderVariable(requireVariable(gitlab, authorize(gitlab, request), request)),
    );

    app.post(path, (request, reply) => {
      const holder = authorize(gitlab, request);
      const { key, value, masked_and_hidden, ...given } = readParameters(request, {
        key: required(text),
        value: required(text),
        masked_and_hidden: optional(boolean),
        ...fields,
      });
      const hidden = masked_and_hidden === true;
      const wanted = {
        ...unset,
        ...readChanges(given),
        ...(hidden ? { masked: true } : {}),
        value,
      };
      check(gitlab, holder, key, wanted);
      const variable = gitlab.ciVariables.create(holder, key, hidden, wanted);
      return reply.code(201).send(renderVariable(variable));
    });

    app.put(`${path}/:key`, (request) => {
      const holder = authorize(gitlab, request);
      const { value, ...given } = readParameters(request, { value: optional(text), ...fields });
      const variable = requireVariable(gitlab, holder, request);
      const wanted = {
        ...variable,
        ...readChanges(given),
        ...(value === undefined ? {} : { value }),
      };
      if (variable.hidden && wanted.masked !== variable.masked) {
        throw invalidAttributes({
          base: ["The visibility setting cannot be changed for masked and hidden variables."],
        });
      }
      check(gitlab, holder, variable.key, wanted, variable.id);
      return renderVariable(gitlab.ciVariables.update(variable, wanted));
    });

    app.delete(`${path}/:key`, (request, reply) => {
      const holder = authorize(gitlab, request);
      gitlab.ciVariables.delete(requireVariable(gitlab, holder, request));
      return reply.code(204).send();
    });
  }
}

const unset: Omit<CiVariableFields, "value"> = {
  variableType: "env_var",
  protected: false,
  masked: false,
  raw: false,
  environmentScope: "*",
  description: null,
};

function authorizeInProject(gitlab: GitLab, request: FastifyRequest): Holder {
  const caller = requireCaller(gitlab, request);
  const { id } = readParameters(request, { id: required(text) });
  const project = requireProjectRole(gitlab, id, caller, "maintainer");
  return { kind: "project", id: project.id };
}

function authorizeInGroup(gitlab: GitLab, request: FastifyRequest): Holder {
  const caller = requireCaller(gitlab, request);
  const { id } = readParameters(request, { id: required(text) });
  const group = requireGroup(gitlab, id, caller);
  requireRole(levelInGroup(gitlab, group, caller.user), "owner");
  return { kind: "group", id: group.id };
}

/** Returns the variable with that key; if several scopes have one, the filter must say which. */
function requireVariable(gitlab: GitLab, holder: Holder, request: FastifyRequest): CiVariable {
  const { key, filter: scope } = readParameters(request, {
    key: required(text),
    filter: optional(scopeFilter),
  });
  const [variable, another] = gitlab.ciVariables
    .list(holder)
    .filter((one) => one.key === key && (scope ?? one.environmentScope) === one.environmentScope);
  if (variable === undefined) throw resourceNotFound("Variable");
  if (another !== undefined) {
    throw conflict(
      "There are multiple variables with provided parameters. Please use 'filter[environment_scope]'",
    );
  }
  return variable;
}

function scopeFilter(given: unknown): ParseResult<string | undefined> {
  if (typeof given !== "object" || given === null) return { problem: "is invalid" };
  const scope = (given as Record<string, unknown>)["environment_scope"];
  return scope === undefined ? { value: undefined } : text(scope);
}

type Given = Partial<ReturnType<typeof readParameters<typeof fields>>>;

function readChanges(given: Given): Partial<CiVariableFields> {
  const changes = {
    protected: given.protected,
    masked: given.masked,
    raw: given.raw,
    variableType: given.variable_type,
    environmentScope: given.environment_scope,
    description: given.description,
  };
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}

function check(
  gitlab: GitLab,
  holder: Holder,
  key: string,
  wanted: CiVariableFields,
  own?: number,
): void {
  const problems = findVariableProblems(key, wanted);
  const taken = gitlab.ciVariables
    .list(holder)
    .some(
      (one) =>
        one.id !== own && one.key === key && one.environmentScope === wanted.environmentScope,
    );
  if (taken) problems["key"]?.push(`(${key}) has already been taken`);
  checkAttributes(problems);
}

function renderVariable(variable: CiVariable): object {
  return {
    variable_type: variable.variableType,
    key: variable.key,
    value: variable.hidden ? null : variable.value,
    hidden: variable.hidden,
    protected: variable.protected,
    masked: variable.masked,
    raw: variable.raw,
    environment_scope: variable.environmentScope,
    description: variable.description,
  };
}
