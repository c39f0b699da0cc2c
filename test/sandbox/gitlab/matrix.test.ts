import {
  developer,
  freshAccessToken,
  freshDeployToken,
  MatrixWorld,
  places,
  type Recipe,
  type Visibility,
} from "./matrix";

const world = new MatrixWorld();
beforeAll(() => world.start());
afterAll(() => world.stop());

/**
 * Who gets what: one line an endpoint, with the statuses for
 *
 *   nobody, stranger, guest, reporter, developer, maintainer, owner, admin
 *
 * at a private, at an internal and at a public place (`=` for the same as before it), and then with other
 * credentials at the private one:
 *
 *   unknown, expired, revoked, read_api, read_user, read_registry, job, deploy
 */
const table = `
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

/** What requests need beside their route, by endpoint. */
const recipes: Record<string, Recipe> = {
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

const rows = table
  .trim()
  .split("\n")
  .map((line): [endpoint: string, expected: string[]] => {
    const [endpoint, ...groups] = line.split("|").map((part) => part.trim());
    return [endpoint.replace(/ +/, " "), groups];
  });

describe("the status of", () => {
  it.each(rows)("%s", async (endpoint, expected) => {
    const recipe = recipes[endpoint] ?? {};
    const found: string[] = [];
    for (const visibility of Object.keys(places) as Visibility[]) {
      found.push(await world.probeCallers(endpoint, recipe, visibility));
    }
    const repeated = found.map((statuses, index) =>
      statuses === found[index - 1] ? "=" : statuses,
    );

    expect([...repeated, await world.probeCredentials(endpoint, recipe)]).toEqual(expected);
  });

  it("every endpoint is in the table, for every caller and credential", () => {
    const served = world.routes
      .filter((route) => route.includes(" /api/v4/") && !route.startsWith("HEAD "))
      .map((route) => route.replace("/api/v4", ""));

    expect(rows.map(([endpoint]) => endpoint).toSorted()).toEqual(served.toSorted());
  });
});
