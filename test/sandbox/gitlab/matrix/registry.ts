import type { Recipe } from "./matrixWorld";
import type { World } from "../support/world";

/** The lines of the table of statuses for projects and their registry: the columns are in `table.ts`. */
export const registryTable = `
GET    /projects                                   | 200 200 200 200 200 200 200 200 | = | = | 401 401 401 200 403 403 200 401
PUT    /projects/:id                               | 401 404 403 403 403 200 200 200 | 401 403 403 403 403 200 200 200 | = | 401 401 401 403 403 403 401 401
GET    /projects/:id/job_token_scope               | 401 404 403 403 403 200 200 200 | 401 403 403 403 403 200 200 200 | = | 401 401 401 200 403 403 401 401
GET    /projects/:id/job_token_scope/allowlist     | 401 404 403 403 403 200 200 200 | 401 403 403 403 403 200 200 200 | = | 401 401 401 200 403 403 401 401
POST   /projects/:id/job_token_scope/allowlist     | 401 404 403 403 403 201 201 201 | 401 403 403 403 403 201 201 201 | = | 401 401 401 403 403 403 401 401
DELETE /projects/:id/job_token_scope/allowlist/:target_project_id | 401 404 403 403 403 204 204 204 | 401 403 403 403 403 204 204 204 | = | 401 401 401 403 403 403 401 401
GET    /projects/:id/registry/protection/repository/rules | 401 404 403 403 403 200 200 200 | 401 403 403 403 403 200 200 200 | = | 401 401 401 200 403 403 401 401
POST   /projects/:id/registry/protection/repository/rules | 401 404 403 403 403 201 201 201 | 401 403 403 403 403 201 201 201 | = | 401 401 401 403 403 403 401 401
PATCH  /projects/:id/registry/protection/repository/rules/:protection_rule_id | 401 404 403 403 403 200 200 200 | 401 403 403 403 403 200 200 200 | = | 401 401 401 403 403 403 401 401
DELETE /projects/:id/registry/protection/repository/rules/:protection_rule_id | 401 404 403 403 403 204 204 204 | 401 403 403 403 403 204 204 204 | = | 401 401 401 403 403 403 401 401
GET    /projects/:id/registry/protection/tag/rules | 401 404 403 403 403 200 200 200 | 401 403 403 403 403 200 200 200 | = | 401 401 401 200 403 403 401 401
POST   /projects/:id/registry/protection/tag/rules | 401 404 403 403 403 201 201 201 | 401 403 403 403 403 201 201 201 | = | 401 401 401 403 403 403 401 401
PATCH  /projects/:id/registry/protection/tag/rules/:protection_rule_id | 401 404 403 403 403 200 200 200 | 401 403 403 403 403 200 200 200 | = | 401 401 401 403 403 403 401 401
DELETE /projects/:id/registry/protection/tag/rules/:protection_rule_id | 401 404 403 403 403 204 204 204 | 401 403 403 403 403 204 204 204 | = | 401 401 401 403 403 403 401 401
GET    /projects/:id/registry/repositories         | 404 404 403 200 200 200 200 200 | 404 200 200 200 200 200 200 200 | 200 200 200 200 200 200 200 200 | 401 401 401 200 403 403 200 401
GET    /groups/:id/registry/repositories           | 404 404 403 200 200 200 200 200 | 404 403 403 200 200 200 200 200 | 403 403 403 200 200 200 200 200 | 401 401 401 200 403 403 404 401
GET    /registry/repositories/:id                  | 401 403 403 200 200 200 200 200 | 401 200 200 200 200 200 200 200 | = | 401 401 401 200 403 403 401 401
DELETE /projects/:id/registry/repositories/:repository_id | 404 404 403 403 403 202 202 202 | 404 403 403 403 403 202 202 202 | 403 403 403 403 403 202 202 202 | 401 401 401 403 403 403 202 401
GET    /projects/:id/registry/repositories/:repository_id/tags | 404 404 403 200 200 200 200 200 | 404 200 200 200 200 200 200 200 | 200 200 200 200 200 200 200 200 | 401 401 401 200 403 403 200 401
DELETE /projects/:id/registry/repositories/:repository_id/tags | 404 404 403 403 403 202 202 202 | 404 403 403 403 403 202 202 202 | 403 403 403 403 403 202 202 202 | 401 401 401 403 403 403 202 401
GET    /projects/:id/registry/repositories/:repository_id/tags/:tag_name | 404 404 403 200 200 200 200 200 | 404 200 200 200 200 200 200 200 | 200 200 200 200 200 200 200 200 | 401 401 401 200 403 403 200 401
DELETE /projects/:id/registry/repositories/:repository_id/tags/:tag_name | 404 404 403 403 200 200 200 200 | 404 403 403 403 200 200 200 200 | 403 403 403 403 200 200 200 200 | 401 401 401 403 403 403 200 401
`;

const projectOf = (world: World, place: string) => world.state.namespaces.findProject(place)!;

let count = 0;

/** A repository of the place that nothing has happened to. */
function freshRepository(world: World, place: string): Promise<{ repository_id: number }> {
  const name = `r${++count}`;
  const project = projectOf(world, place);
  world.state.containerRepositories.ensure(project, name);
  const found = world.state.containerRepositories.list(project).find((one) => one.name === name)!;
  return Promise.resolve({ repository_id: found.id });
}

async function freshTag(
  world: World,
  place: string,
): Promise<{ repository_id: number; tag_name: string }> {
  return { ...(await freshRepository(world, place)), tag_name: "v1" };
}

/** The place without rules. */
function noRules(world: World, place: string): Promise<Record<string, never>> {
  for (const rules of [world.state.repositoryProtectionRules, world.state.tagProtectionRules]) {
    for (const rule of rules.list(projectOf(world, place))) rules.delete(rule);
  }
  return Promise.resolve({});
}

const freshRule =
  (kind: "repository" | "tag") =>
  async (world: World, place: string): Promise<{ protection_rule_id: number }> => {
    await noRules(world, place);
    const rules = world.state[`${kind}ProtectionRules`];
    const args = { pattern: place, pushLevel: "owner", deleteLevel: "owner" } as const;
    return { protection_rule_id: rules.create(projectOf(world, place), args).id };
  };

/** Everybody may see it, and it is no place of the table. */
const other = "open/off";

/** A project whose jobs aren't let in yet. */
function uninvited(world: World, place: string): Promise<{ target_project_id: number }> {
  const { id } = projectOf(world, other);
  world.state.jobTokenAllowlist.delete(projectOf(world, place), id);
  return Promise.resolve({ target_project_id: id });
}

/** What requests to the registry's endpoints need beside their route. */
export const registryRecipes: Record<string, Recipe> = {
  "PUT /projects/:id": { json: { description: "m" } },
  "POST /projects/:id/job_token_scope/allowlist": {
    params: async (world, place) => {
      await uninvited(world, place);
      return {};
    },
    json: (world) => ({ target_project_id: projectOf(world, other).id }),
  },
  "POST /projects/:id/registry/protection/repository/rules": {
    params: noRules,
    json: (_world, place) => ({
      repository_path_pattern: place,
      minimum_access_level_for_push: "admin",
    }),
  },
  "DELETE /projects/:id/job_token_scope/allowlist/:target_project_id": { params: uninvited },
  "DELETE /projects/:id/registry/repositories/:repository_id": { params: freshRepository },
  "GET /projects/:id/registry/repositories/:repository_id/tags": { params: freshRepository },
  "DELETE /projects/:id/registry/repositories/:repository_id/tags": {
    params: freshRepository,
    json: { name_regex_delete: "none" },
  },
  "GET /projects/:id/registry/repositories/:repository_id/tags/:tag_name": { params: freshTag },
  "DELETE /projects/:id/registry/repositories/:repository_id/tags/:tag_name": { params: freshTag },
  "GET /registry/repositories/:id": {
    params: async (world, place) => ({ id: (await freshRepository(world, place)).repository_id }),
  },
  "PATCH /projects/:id/registry/protection/repository/rules/:protection_rule_id": {
    params: freshRule("repository"),
    json: { minimum_access_level_for_push: "admin" },
  },
  "DELETE /projects/:id/registry/protection/repository/rules/:protection_rule_id": {
    params: freshRule("repository"),
  },
  "POST /projects/:id/registry/protection/tag/rules": {
    params: noRules,
    json: {
      tag_name_pattern: "v.*",
      minimum_access_level_for_push: "admin",
      minimum_access_level_for_delete: "admin",
    },
  },
  "PATCH /projects/:id/registry/protection/tag/rules/:protection_rule_id": {
    params: freshRule("tag"),
    json: { minimum_access_level_for_push: "admin" },
  },
  "DELETE /projects/:id/registry/protection/tag/rules/:protection_rule_id": {
    params: freshRule("tag"),
  },
};
