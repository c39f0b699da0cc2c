import type { DatabaseSync } from "node:sqlite";

import type { Group, Namespaces, Project } from "./namespaces";
import type { User } from "./users";

/** Roles by name, with their access levels in GitLab's API. */
export const roles = {
  guest: 10,
  reporter: 20,
  developer: 30,
  maintainer: 40,
  owner: 50,
} as const;
export type Role = keyof typeof roles;

/** All access levels that the API accepts. 15 is a planner, which the simulator treats as a guest. */
export const accessLevels = [10, 15, 20, 30, 40, 50] as const;

/** The group or project of a membership. */
export interface MemberSource {
  readonly kind: "group" | "project";
  readonly id: number;
}

/** A user's membership, and the group or project that it is in. */
export interface Member {
  readonly userId: number;
  readonly source: MemberSource;
  readonly accessLevel: number;
  readonly createdAt: string | null;
  /** Date, `YYYY-MM-DD`, at whose start (UTC) the membership ends. */
  readonly expiresAt: string | null;
}

interface Row extends Omit<Member, "source"> {
  readonly kind: MemberSource["kind"];
  readonly sourceId: number;
}

const columns = `user_id AS userId, source AS kind, source_id AS sourceId,
  access_level AS accessLevel, created_at AS createdAt, expires_at AS expiresAt`;

/** The members of all groups and projects. */
export class Members {
  constructor(
    private readonly database: DatabaseSync,
    private readonly namespaces: Namespaces,
    private readonly now: () => Date,
  ) {
    database.exec(`
      CREATE TABLE IF NOT EXISTS members (
        user_id INTEGER NOT NULL REFERENCES users,
        source TEXT NOT NULL,
        source_id INTEGER NOT NULL,
        access_level INTEGER NOT NULL,
        created_at TEXT,
        expires_at TEXT,
        PRIMARY KEY (user_id, source, source_id)
      ) STRICT`);
  }

  /** Adds the user to the group; an existing member keeps the role. */
  addToGroup(group: Group, user: User, role: Role): void {
    this.add(user, "group", group.id, role);
  }

  /** Adds the user to the project; an existing member keeps the role. */
  addToProject(project: Project, user: User, role: Role): void {
    this.add(user, "project", project.id, role);
  }

  /** Returns the user's access level in the group: the highest there or in a group above; 0 without one. */
  levelInGroup(group: Pick<Group, "id">, user: User): number {
    const levels = this.namespaces
      .findLineage(group.id)
      .map(({ id }) => this.levelGiven("group", id, user));
    return Math.max(0, ...levels);
  }

  /** Returns the user's access level from the project itself, without groups above; 0 without one. */
  levelGivenByProject(project: Project, user: User): number {
    return this.levelGiven("project", project.id, user);
  }

  /** Returns the user's access level in the project: the highest there or in a group above; 0 without one. */
  levelInProject(project: Project, user: User): number {
    return Math.max(
      this.levelGivenByProject(project, user),
      this.levelInGroup({ id: project.groupId }, user),
    );
  }

  /** Returns the direct members of the project or group, sorted by user. */
  list(source: MemberSource): Member[] {
    const rows = this.database
      .prepare(
        `SELECT ${columns} FROM members WHERE source = ? AND source_id = ?
           AND (expires_at IS NULL OR expires_at > ?) ORDER BY user_id`,
      )
      .all(source.kind, source.id, this.today());
    return (rows as unknown as Row[]).map(read);
  }

  /** Returns the members of the project or group and all groups above: each once, with the highest level, by user. */
  listAll(source: MemberSource): Member[] {
    const best = new Map<number, Member>();
    for (const member of this.lineageOf(source).flatMap((one) => this.list(one))) {
      const known = best.get(member.userId);
      if (known === undefined || member.accessLevel > known.accessLevel) {
        best.set(member.userId, member);
      }
    }
    return [...best.values()].toSorted((one, other) => one.userId - other.userId);
  }

  /** Adds the user as a member, or changes an existing membership. */
  set(source: MemberSource, user: User, accessLevel: number, expiresAt: string | null): Member {
    const row = this.database
      .prepare(
        `INSERT INTO members (user_id, source, source_id, access_level, created_at, expires_at)
         VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET access_level = excluded.access_level,
           expires_at = excluded.expires_at
         RETURNING ${columns}`,
      )
      .get(user.id, source.kind, source.id, accessLevel, this.now().toISOString(), expiresAt);
    return read(row as unknown as Row);
  }

  /** Removes the membership. */
  remove({ userId, source }: Member): void {
    this.database
      .prepare("DELETE FROM members WHERE user_id = ? AND source = ? AND source_id = ?")
      .run(userId, source.kind, source.id);
  }

  /** Returns the project or group itself and the groups above it, the topmost last. */
  private lineageOf(source: MemberSource): MemberSource[] {
    if (source.kind === "group") {
      return this.namespaces.findLineage(source.id).map(({ id }) => ({ kind: "group", id }));
    }
    const project = this.namespaces.findProject(String(source.id));
    return project === undefined
      ? [source]
      : [source, ...this.lineageOf({ kind: "group", id: project.groupId })];
  }

  private add(user: User, source: "group" | "project", sourceId: number, role: Role): void {
    this.database
      .prepare(
        `INSERT OR IGNORE INTO members (user_id, source, source_id, access_level, created_at)
         VALUES (?, ?, ?, ?, ?)`,
      )
      .run(user.id, source, sourceId, roles[role], this.now().toISOString());
  }

  private levelGiven(source: "group" | "project", sourceId: number, user: User): number {
    const row = this.database
      .prepare(
        `SELECT access_level FROM members WHERE user_id = ? AND source = ? AND source_id = ?
           AND (expires_at IS NULL OR expires_at > ?)`,
      )
      .get(user.id, source, sourceId, this.today());
    return (row as { access_level: number } | undefined)?.access_level ?? 0;
  }

  private today(): string {
    return this.now().toISOString().slice(0, 10);
  }
}

function read({ kind, sourceId, ...row }: Row): Member {
  return { ...row, source: { kind, id: sourceId } };
}
