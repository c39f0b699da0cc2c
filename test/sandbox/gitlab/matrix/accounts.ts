import type { World } from "../support/world";
import { placed, type Recipe } from "./matrixWorld";

/** The statuses of users, of their tokens, and of what has deploy tokens; the columns are in `table.ts`. */
export const accountTable = `
GET    /deploy_tokens                              | 401 403 403 403 403 403 403 200 | = | = | 401 401 401 403 403 403 401 401
GET    /groups/:id                                 | 404 404 200 200 200 200 200 200 | 404 200 200 200 200 200 200 200 | 200 200 200 200 200 200 200 200 | 401 401 401 200 403 403 404 401
GET    /groups/:id/deploy_tokens                   | 404 404 403 403 403 200 200 200 | 404 403 403 403 403 200 200 200 | 403 403 403 403 403 200 200 200 | 401 401 401 200 403 403 404 401
POST   /groups/:id/deploy_tokens                   | 404 404 403 403 403 403 201 201 | 404 403 403 403 403 403 201 201 | 403 403 403 403 403 403 201 201 | 401 401 401 403 403 403 404 401
GET    /groups/:id/deploy_tokens/:token_id         | 404 404 403 403 403 200 200 200 | 404 403 403 403 403 200 200 200 | 403 403 403 403 403 200 200 200 | 401 401 401 200 403 403 404 401
DELETE /groups/:id/deploy_tokens/:token_id         | 404 404 403 403 403 403 204 204 | 404 403 403 403 403 403 204 204 | 403 403 403 403 403 403 204 204 | 401 401 401 403 403 403 404 401
GET    /personal_access_tokens                     | 401 200 200 200 200 200 200 200 | = | = | 401 401 401 200 403 403 401 401
GET    /personal_access_tokens/:id                 | 401 401 401 401 200 401 401 200 | = | = | 401 401 401 401 403 403 401 401
DELETE /personal_access_tokens/:id                 | 401 400 400 400 204 400 400 204 | = | = | 401 401 401 403 403 403 401 401
POST   /personal_access_tokens/:id/rotate          | 401 401 401 401 200 401 401 200 | = | = | 401 401 401 403 403 403 401 401
GET    /personal_access_tokens/self                | 401 200 200 200 200 200 200 200 | = | = | 401 401 401 200 200 200 401 401
DELETE /personal_access_tokens/self                | 401 204 204 204 204 204 204 204 | = | = | 401 401 401 204 204 204 401 401
POST   /personal_access_tokens/self/rotate         | 401 200 200 200 200 200 200 200 | = | = | 401 401 401 403 403 403 401 401
GET    /projects/:id                               | 404 404 200 200 200 200 200 200 | 404 200 200 200 200 200 200 200 | 200 200 200 200 200 200 200 200 | 401 401 401 200 403 403 404 401
GET    /projects/:id/deploy_tokens                 | 404 404 403 403 403 200 200 200 | 404 403 403 403 403 200 200 200 | 403 403 403 403 403 200 200 200 | 401 401 401 200 403 403 404 401
POST   /projects/:id/deploy_tokens                 | 404 404 403 403 403 201 201 201 | 404 403 403 403 403 201 201 201 | 403 403 403 403 403 201 201 201 | 401 401 401 403 403 403 404 401
GET    /projects/:id/deploy_tokens/:token_id       | 404 404 403 403 403 200 200 200 | 404 403 403 403 403 200 200 200 | 403 403 403 403 403 200 200 200 | 401 401 401 200 403 403 404 401
DELETE /projects/:id/deploy_tokens/:token_id       | 404 404 403 403 403 204 204 204 | 404 403 403 403 403 204 204 204 | 403 403 403 403 403 204 204 204 | 401 401 401 403 403 403 404 401
GET    /user                                       | 401 200 200 200 200 200 200 200 | = | = | 401 401 401 200 200 403 401 401
POST   /user/personal_access_tokens                | 401 201 201 201 201 201 201 201 | = | = | 401 401 401 403 403 403 401 401
GET    /users                                      | 403 200 200 200 200 200 200 200 | = | = | 401 401 401 200 200 403 403 401
GET    /users/:id                                  | 403 200 200 200 200 200 200 200 | = | = | 401 401 401 200 200 403 403 401
POST   /users/:user_id/personal_access_tokens      | 401 403 403 403 403 403 403 201 | = | = | 401 401 401 403 403 403 401 401
GET    /version                                    | 401 200 200 200 200 200 200 200 | = | = | 401 401 401 200 200 403 401 401
`;

const deployToken = { name: "m", scopes: ["read_registry"] };
const accessToken = { name: "m", scopes: ["self_rotate"] };

/** The developer, under the names that routes have for users. */
function developer(world: World): { id: number; user_id: number } {
  const { id } = world.state.users.findByUsername("developer")!;
  return { id, user_id: id };
}

/** An access token of the developer's. */
function freshAccessToken(world: World): { id: number } {
  const { id } = world.state.accessTokens.create({
    userId: developer(world).id,
    name: "m",
    scopes: ["api"],
    expiresAt: null,
  });
  return { id };
}

/** A deploy token of the place. */
function freshDeployToken(world: World, place: string): { token_id: number } {
  const kind = place.includes("/") ? "project" : "group";
  const { id } = world.state.deployTokens.create({
    holder: { kind, id: placed(world, place).id },
    name: "m",
    scopes: ["read_registry"],
    username: undefined,
    expiresAt: null,
  });
  return { token_id: id };
}

/** What requests to these need beside their route. */
export const accountRecipes: Record<string, Recipe> = {
  "POST /groups/:id/deploy_tokens": { json: deployToken },
  "GET /groups/:id/deploy_tokens/:token_id": { params: freshDeployToken },
  "DELETE /groups/:id/deploy_tokens/:token_id": { params: freshDeployToken },
  "GET /personal_access_tokens/:id": { params: freshAccessToken },
  "DELETE /personal_access_tokens/:id": { params: freshAccessToken },
  "POST /personal_access_tokens/:id/rotate": { params: freshAccessToken },
  "POST /projects/:id/deploy_tokens": { json: deployToken },
  "GET /projects/:id/deploy_tokens/:token_id": { params: freshDeployToken },
  "DELETE /projects/:id/deploy_tokens/:token_id": { params: freshDeployToken },
  "POST /user/personal_access_tokens": { json: accessToken },
  "GET /users/:id": { params: developer },
  "POST /users/:user_id/personal_access_tokens": { params: developer, json: accessToken },
};
