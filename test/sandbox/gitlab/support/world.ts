import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { request } from "undici";

import { ControlClient } from "../../../../sandbox/gitlab/control/client";
import type { GitLab } from "../../../../sandbox/gitlab/gitlab";
import type { Seed } from "../../../../sandbox/gitlab/seed/seed";
import { startGitLab, type GitLabOptions } from "../../../../sandbox/gitlab/server";

/** Callers by role; their memberships are in the group `web`, above the project. */
export const members = ["guest", "reporter", "developer", "maintainer", "owner"] as const;
export const callers = ["nobody", "stranger", ...members, "admin"] as const;
export type CallerName = (typeof callers)[number];

export const keys = generateKeyPairSync("rsa", { modulusLength: 2048 });

/** A token's value, made of what it is for, so that tests can name it. */
export function tokenOf(username: string, scope = "api"): string {
  return `glpat-${username}-${scope}`;
}

const scopes = ["api", "read_api", "read_user", "read_registry", "write_registry"] as const;

export const seed: Seed = {
  users: [...members, "stranger", "admin"].map((username) => ({
    username,
    name: `The ${username}`,
    admin: username === "admin",
    personalAccessTokens: [
      ...scopes.map((scope) => ({ name: scope, scopes: [scope], value: tokenOf(username, scope) })),
      {
        name: "mortal",
        scopes: ["api"],
        value: tokenOf(username, "mortal"),
        expiresAt: "2027-01-02",
      },
    ],
  })),
  groups: [
    { path: "web", name: "Web" },
    { path: "web/inner", name: "Inner" },
    { path: "open", visibility: "public" },
    { path: "closed" },
  ],
  projects: [
    { path: "web/gatsby-site", name: "Gatsby site" },
    { path: "web/inner/deep" },
    { path: "open/public", visibility: "public" },
    { path: "open/internal", visibility: "internal" },
    { path: "open/members-only", visibility: "public", containerRegistryAccessLevel: "private" },
    { path: "open/off", visibility: "public", containerRegistryAccessLevel: "disabled" },
    { path: "closed/lone" },
  ],
  members: [
    ...members.map((role) => ({ username: role, role, group: "web" })),
    ...members.map((role) => ({ username: role, role, group: "open" })),
    { username: "reporter", role: "maintainer" as const, project: "closed/lone" },
  ],
};

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The body as JSON; undefined for an empty one. */
  readonly body: unknown;
}

export interface Call {
  readonly method?: "GET" | "POST" | "DELETE" | "PUT" | "PATCH" | "HEAD" | "OPTIONS";
  readonly as?: CallerName;
  /** Instead of `as`. */
  readonly token?: string;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is. */
  readonly raw?: string;
  readonly headers?: Record<string, string>;
}

/** A simulator of a test, with a clock that stands still until the test moves it. */
export class World {
  readonly url = "https://gitlab.test";
  now = new Date("2027-01-01T12:00:00.000Z");
  readonly log: string[] = [];
  readonly folder = mkdtempSync(join(tmpdir(), "gitlab-"));
  private gitlab: Awaited<ReturnType<typeof startGitLab>> | undefined;

  async start(options: Partial<GitLabOptions> = {}): Promise<void> {
    this.gitlab = await startGitLab({
      host: "127.0.0.1",
      port: 0,
      control: { host: "127.0.0.1", port: 0 },
      url: this.url,
      registry: "registry.test:5050",
      signingKey: keys.privateKey.export({ type: "pkcs8", format: "pem" }) as string,
      issuer: "test-issuer",
      data: join(this.folder, "data"),
      seed,
      now: () => this.now,
      log: (line) => this.log.push(line),
      ...options,
    });
  }

  /** Where it listens. */
  get address(): string {
    return this.gitlab!.address;
  }

  /** All routes that it serves, as `GET /api/v4/user`. */
  get routes(): readonly string[] {
    return this.gitlab!.routes;
  }

  /** The simulator's state: what no API shows, and what its control endpoint does. */
  get state(): GitLab {
    return this.gitlab!.gitlab;
  }

  /** Its control endpoint. */
  get control(): ControlClient {
    return new ControlClient(this.gitlab!.control!);
  }

  async restart(options: Partial<GitLabOptions> = {}): Promise<void> {
    await this.gitlab!.close();
    await this.start(options);
  }

  async stop(): Promise<void> {
    await this.gitlab?.close();
    rmSync(this.folder, { recursive: true });
  }

  /** Calls the REST API. */
  async api(path: string, call: Call = {}): Promise<Answer> {
    const token =
      call.token ?? (call.as === undefined || call.as === "nobody" ? undefined : tokenOf(call.as));
    return this.send(`/api/v4${path}`, {
      ...call,
      headers: { ...(token === undefined ? {} : { "private-token": token }), ...call.headers },
    });
  }

  /** Asks the registry token service; `login` is `username:password`. */
  async jwtAuth(query: string, login?: string): Promise<Answer> {
    const authorization = `Basic ${Buffer.from(login ?? "").toString("base64")}`;
    return this.send(`/jwt/auth?service=container_registry${query}`, {
      headers: login === undefined ? {} : { authorization },
    });
  }

  async send(path: string, { method = "GET", json, raw, headers }: Call): Promise<Answer> {
    const response = await request(`${this.address}${path}`, {
      method,
      headers: {
        ...(json === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      body: json === undefined ? raw : JSON.stringify(json),
    });
    const text = await response.body.text();
    const isJson = String(response.headers["content-type"]).startsWith("application/json");
    return {
      status: response.statusCode,
      headers: response.headers,
      text,
      body: isJson && text !== "" ? JSON.parse(text) : undefined,
    };
  }

  /** Makes a deploy token as an administrator. */
  async createDeployToken(path: string, args: object): Promise<DeployTokenBody> {
    const answer = await this.api(`/${path}/deploy_tokens`, {
      method: "POST",
      as: "admin",
      json: args,
    });
    if (answer.status !== 201) throw new Error(`deploy token: ${answer.status} ${answer.text}`);
    return answer.body as DeployTokenBody;
  }
}

export interface DeployTokenBody {
  readonly id: number;
  readonly name: string;
  readonly username: string;
  readonly token: string;
  readonly expires_at: string | null;
  readonly scopes: string[];
  readonly expired: boolean;
}
