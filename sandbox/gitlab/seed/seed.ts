import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";

import type { AccessTokenScope } from "../model/accessTokens";
import type { Role } from "../model/members";
import type { RegistryAccessLevel, Visibility } from "../model/namespaces";

/** Initial data of the simulator, read from a JSON file. */
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
  /** @default no password: the user has only tokens */
  readonly password?: string;
  /** @default false */
  readonly admin?: boolean;
  /** Whether two-factor authentication is enabled, so that the password alone is not accepted. @default false */
  readonly twoFactor?: boolean;
  readonly personalAccessTokens?: readonly SeedToken[];
}

/** A personal access token. Its value is in the seed or, better, in a file that only the owner can read. */
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
  /** Full path of the group; give either this or `project`. */
  readonly group?: string;
  /** Full path of the project. */
  readonly project?: string;
}

/** An open merge request, identified by its project and source branch. */
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

/** Reads a seed and the files with its token values. */
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
