import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import type { Group, Project } from "../../../../sandbox/gitlab/model/namespaces";
import { StubRegistry } from "../registry/support/stubRegistry";
import { callers, members, seed, tokenOf, World } from "../support/world";
import { renderRow } from "./table";

/** Places by visibility. The people of `callers` have their roles in the group. */
const places = {
  private: { project: "web/gatsby-site", group: "web" },
  internal: { project: "house/site", group: "house" },
  public: { project: "open/public", group: "open" },
} as const;
type Visibility = keyof typeof places;

/** Other credentials than a token of scope `api`; all but the job's and the deploy token are a maintainer's. */
const credentials = [
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
  /** Values of the path's parameters other than `:id`, made again for every request. */
  readonly params?: (
    world: World,
    place: string,
  ) => Record<string, string | number> | Promise<Record<string, string | number>>;
  readonly query?: string;
  readonly json?: Readonly<Record<string, unknown>> | ((world: World, place: string) => object);
}

/** A simulator with a place of every visibility. */
export class MatrixWorld extends World {
  private readonly headers = new Map<string, Record<string, string>>();
  private readonly registry = new StubRegistry();

  override async start(): Promise<void> {
    await super.start({
      registryUrl: await this.registry.start(),
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

  override async stop(): Promise<void> {
    await super.stop();
    await this.registry.stop();
  }

  /** The endpoint's line in the table, as it is found: every cell of it. */
  async probeRow(endpoint: string, recipe: Recipe = {}): Promise<string> {
    const found: string[] = [];
    for (const visibility of Object.keys(places) as Visibility[]) {
      found.push(await this.probeCallers(endpoint, recipe, visibility));
    }
    const repeated = found.map((statuses, index) =>
      statuses === found[index - 1] ? "=" : statuses,
    );
    return renderRow(endpoint, [...repeated, await this.probeCredentials(endpoint, recipe)]);
  }

  /** The statuses that everybody gets at a place. */
  private async probeCallers(
    endpoint: string,
    recipe: Recipe,
    visibility: Visibility,
  ): Promise<string> {
    const statuses: number[] = [];
    for (const as of callers) {
      statuses.push(await this.probe(endpoint, recipe, visibility, as === "nobody" ? {} : own(as)));
    }
    return statuses.join(" ");
  }

  /** The statuses that each credential gets at the private place. */
  private async probeCredentials(endpoint: string, recipe: Recipe): Promise<string> {
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
    const values: Record<string, string | number> = {
      id: place,
      ...(await params?.(this, place)),
    };
    const path = route.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(values[name]));
    const body = typeof json === "function" ? json(this, place) : json;
    const call = { method: method as "GET", headers, json: body };
    // Revoking itself or rotating would end the token for the cells that follow.
    if (/\/self(\/rotate)?$/.test(route) && method !== "GET") this.renewTokens();
    return (await this.api(`${path}${query}`, call)).status;
  }

  /** Makes all access tokens of the seed live again. */
  private renewTokens(): void {
    const database = new DatabaseSync(join(this.folder, "data", "gitlab.sqlite"));
    database.exec("UPDATE personal_access_tokens SET revoked = 0 WHERE name <> 'revoked'");
    database.close();
  }

  private async prepareCredentials(): Promise<void> {
    const { token: deploy } = await this.createDeployToken("projects/web%2Fgatsby-site", {
      name: "matrix",
      scopes: ["read_registry"],
    });
    const { id: userId } = this.state.users.findByUsername("maintainer")!;
    const create = (name: string, expiresAt: string | null = null) =>
      this.state.accessTokens.create({ userId, name, scopes: ["api"], expiresAt });
    const revoked = create("revoked");
    this.state.accessTokens.revoke(revoked);

    const tokens: Record<string, string> = {
      unknown: "glpat-unknown",
      expired: create("expired", "2026-12-31").value,
      revoked: revoked.value,
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
    return this.state.jobs.create({
      pipelineId: 1,
      project: this.state.namespaces.findProject(places.private.project)!,
      user: this.state.users.findByUsername("maintainer")!,
      name: "matrix",
      stage: "test",
    }).value;
  }
}

/** The project or group that a place is. */
export function placed({ state }: World, place: string): Project | Group {
  return (state.namespaces.findProject(place) ?? state.namespaces.findGroup(place))!;
}

function own(username: string): Record<string, string> {
  return { "private-token": tokenOf(username) };
}
