import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";

import type { AccessTokenScope } from "../model/accessTokens";
import type { Role } from "../model/members";
import type { RegistryAccessLevel, Visibility } from "../model/namespaces";

/** What the simulator has from the start, as a JSON file says it. */
export interface Seed {
  readonly users?: readonly SeedUser[];
  readonly groups?: readonly SeedGroup[];
  readonly projects?: readonly SeedProject[];
  readonly members?: readonly SeedMember[];
  readonly mergeRequests?: readonly SeedMergeRequest[];
}

/** A user with tokens. */
export interface SeedUser {
  readonly username: string;
  readonly name: string;
  /** @default `<username>@example.com` */
  readonly email?: string;
  /** @default no password: the user has tokens alone */
  readonly password?: string;
  /** @default false */
  readonly admin?: boolean;
  /** Whether the password alone no longer suffices. @default false */
  readonly twoFactor?: boolean;
  readonly personalAccessTokens?: readonly SeedToken[];
}

/** A personal access token. Its value is in the seed or, better, in a file that only its owner reads. */
export interface SeedToken {
  readonly name: string;
  readonly scopes: readonly AccessTokenScope[];
  readonly value?: string;
  /** Absolute, or relative to the seed's folder. */
  readonly valueFile?: string;
  /** Day, `YYYY-MM-DD`. @default never */
  readonly expiresAt?: string;
}

/** A group. */
export interface SeedGroup {
  /** Full path. */
  readonly path: string;
  /** @default the last part of the path */
  readonly name?: string;
  /** @default private */
  readonly visibility?: Visibility;
}

/** A project. */
export interface SeedProject extends SeedGroup {
  /** @default enabled */
  readonly containerRegistryAccessLevel?: RegistryAccessLevel;
}

/** A user's role in a group or in a project. */
export interface SeedMember {
  readonly username: string;
  readonly role: Role;
  /** Full path of the group: this or `project`. */
  readonly group?: string;
  /** Full path of the project. */
  readonly project?: string;
}

/** An open merge request, told from others of its project by its source branch. */
export interface SeedMergeRequest {
  /** Full path of the project. */
  readonly project: string;
  /** Name of the user who opens it. */
  readonly author: string;
  readonly title: string;
  readonly sourceBranch: string;
  /** @default the project's default branch */
  readonly targetBranch?: string;
  /** @default none */
  readonly description?: string;
  /** Comments, oldest first. @default none */
  readonly notes?: readonly { readonly author: string; readonly body: string }[];
}

/** Reads a seed from its file, and the token values from theirs. */
export function readSeed(file: string): Seed {
  const seed = JSON.parse(readFileSync(file, "utf8")) as Seed;
  return {
    ...seed,
    users: seed.users?.map((user) => ({
      ...user,
      personalAccessTokens: user.personalAccessTokens?.map(({ valueFile, ...token }) =>
        valueFile === undefined
          ? token
          : { ...token, value: readFileSync(resolve(dirname(file), valueFile), "utf8").trim() },
      ),
    })),
  };
}
