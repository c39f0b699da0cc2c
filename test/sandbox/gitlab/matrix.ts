import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { Jobs } from "../../../sandbox/gitlab/model/jobs";
import { Namespaces } from "../../../sandbox/gitlab/model/namespaces";
import { Users } from "../../../sandbox/gitlab/model/users";
import { callers, members, seed, tokenOf, World } from "./world";

/** Places by visibility. The people of `callers` have their roles in the group. */
export const places = {
  private: { project: "web/gatsby-site", group: "web" },
  internal: { project: "house/site", group: "house" },
  public: { project: "open/public", group: "open" },
} as const;
export type Visibility = keyof typeof places;

/** Other credentials than a token of scope `api`; all but the job's and the deploy token are a maintainer's. */
export const credentials = [
  "unknown",
  "expired",
  "revoked",
  "read_api",
  "read_user",
  "read_registry",
  "job",
  "deploy",
] as const;

/** What a request needs beside its route: fresh values of its parameters, and a body. */
export interface Recipe {
  /** Values of the path's parameters other than `:id`, made anew for every request. */
  readonly params?: (world: World, place: string) => Promise<Record<string, string | number>>;
  readonly query?: string;
  readonly json?: object;
}

/** A simulator with a place of every visibility. */
export class MatrixWorld extends World {
  private readonly headers = new Map<string, Record<string, string>>();

  override async start(): Promise<void> {
    await super.start({
      seed: {
        ...seed,
        groups: [...seed.groups!, { path: "house", visibility: "internal" }],
        projects: [...seed.projects!, { path: "house/site", visibility: "internal" }],
        members: [
          ...seed.members!,
          ...members.map((role) => ({ username: role, role, group: "house" })),
        ],
      },
    });
    await this.prepareCredentials();
  }

  /** The statuses that an endpoint answers everybody with at a place, as a row of the table has them. */
  async probeCallers(endpoint: string, recipe: Recipe, visibility: Visibility): Promise<string> {
    const statuses: number[] = [];
    for (const as of callers) {
      statuses.push(await this.probe(endpoint, recipe, visibility, as === "nobody" ? {} : own(as)));
    }
    return statuses.join(" ");
  }

  /** The statuses that an endpoint answers each credential with at the private place. */
  async probeCredentials(endpoint: string, recipe: Recipe): Promise<string> {
    const statuses: number[] = [];
    for (const name of credentials) {
      statuses.push(await this.probe(endpoint, recipe, "private", this.headers.get(name)!));
    }
    return statuses.join(" ");
  }

  private async probe(
    endpoint: string,
    { params, query = "", json }: Recipe,
    visibility: Visibility,
    headers: Record<string, string>,
  ): Promise<number> {
    const [method, route] = endpoint.split(" ");
    const place = places[visibility][route.startsWith("/groups/") ? "group" : "project"];
    const values = { id: place, ...(await params?.(this, place)) };
    const path = route.replace(/:(\w+)/g, (_, name: string) =>
      encodeURIComponent((values as Record<string, string | number>)[name]),
    );
    const call = { method: method as "GET", headers, json };
    // Revoking itself or rotating would end the token for the cells that follow.
    if (/\/self(\/rotate)?$/.test(route) && method !== "GET") await this.renewTokens();
    return (await this.api(`${path}${query}`, call)).status;
  }

  /** Makes all access tokens of the seed live again. */
  private renewTokens(): Promise<void> {
    this.withDatabase((database) =>
      database.exec("UPDATE personal_access_tokens SET revoked = 0 WHERE name <> 'revoked'"),
    );
    return Promise.resolve();
  }

  private async prepareCredentials(): Promise<void> {
    const { token: deploy } = await this.createDeployToken("projects/web%2Fgatsby-site", {
      name: "matrix",
      scopes: ["read_registry"],
    });
    const create = async (name: string, expires_at?: string): Promise<string> => {
      const { body } = await this.api("/users?username=maintainer");
      const { id } = (body as { id: number }[])[0];
      const json = { name, scopes: ["api"], expires_at };
      const path = `/users/${id}/personal_access_tokens`;
      const made = await this.api(path, { method: "POST", as: "admin", json });
      return (made.body as { token: string }).token;
    };
    const revoked = await create("revoked");
    await this.api("/personal_access_tokens/self", { method: "DELETE", token: revoked });

    const tokens: Record<string, string> = {
      unknown: "glpat-unknown",
      expired: await create("expired", "2026-12-31"),
      revoked,
      deploy,
    };
    for (const name of credentials) {
      const value = tokens[name] ?? tokenOf("maintainer", name);
      this.headers.set(name, { "private-token": value });
    }
    this.headers.set("job", { "job-token": this.createJob() });
  }

  /** A running job of the private project, started by its maintainer. */
  private createJob(): string {
    const now = (): Date => this.now;
    return this.withDatabase((database) => {
      const users = new Users(database, now);
      const namespaces = new Namespaces(database, now);
      return new Jobs(database, now).create({
        pipelineId: 1,
        project: namespaces.findProject(places.private.project)!,
        user: users.findByUsername("maintainer")!,
        name: "matrix",
        stage: "test",
      }).value;
    });
  }

  private withDatabase<T>(work: (database: DatabaseSync) => T): T {
    const database = new DatabaseSync(join(this.folder, "data", "gitlab.sqlite"));
    try {
      return work(database);
    } finally {
      database.close();
    }
  }
}

function own(username: string): Record<string, string> {
  return { "private-token": tokenOf(username) };
}

/** Makes an access token of the developer's. */
export async function freshAccessToken(world: World): Promise<{ id: number }> {
  const { user_id } = await developer(world);
  const { body } = await world.api(`/users/${user_id}/personal_access_tokens`, {
    method: "POST",
    as: "admin",
    json: { name: "m", scopes: ["api"] },
  });
  return { id: (body as { id: number }).id };
}

/** The developer, under the names that routes have for users. */
export async function developer(world: World): Promise<{ id: number; user_id: number }> {
  const { body } = await world.api("/users?username=developer");
  const [{ id }] = body as { id: number }[];
  return { id, user_id: id };
}

/** Makes a deploy token at the place. */
export async function freshDeployToken(world: World, place: string): Promise<{ token_id: number }> {
  const kind = place.includes("/") ? "projects" : "groups";
  const args = { name: "m", scopes: ["read_registry"] };
  const { id } = await world.createDeployToken(`${kind}/${encodeURIComponent(place)}`, args);
  return { token_id: id };
}
