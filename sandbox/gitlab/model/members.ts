import type { DatabaseSync } from "node:sqlite";

import type { Group, Namespaces, Project } from "./namespaces";
import type { User } from "./users";

/** Roles by name, with the access level that GitLab's API gives them. */
export const roles = {
  guest: 10,
  reporter: 20,
  developer: 30,
  maintainer: 40,
  owner: 50,
} as const;
export type Role = keyof typeof roles;

/** All access levels that the API takes; 15 is a planner, whom nothing here tells from a guest. */
export const accessLevels = [10, 15, 20, 30, 40, 50] as const;

/** What someone is a member of. */
export interface MemberSource {
  readonly kind: "group" | "project";
  readonly id: number;
}

/** Someone's membership, in the group or project that gives it. */
export interface Member {
  readonly userId: number;
  readonly source: MemberSource;
  readonly accessLevel: number;
  readonly createdAt: string | null;
  /** Day, `YYYY-MM-DD`, from whose start (UTC) on it is none. */
  readonly expiresAt: string | null;
}

interface Row extends Omit<Member, "source"> {
  readonly kind: MemberSource["kind"];
  readonly sourceId: number;
}

const columns = `user_id AS userId, source AS kind, source_id AS sourceId,
  access_level AS accessLevel, created_at AS createdAt, expires_at AS expiresAt`;

/** Who is a member of what. */
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

  /** Makes the user a member of the group; one who is a member already keeps the role. */
  addToGroup(group: Group, user: User, role: Role): void {
    this.add(user, "group", group.id, role);
  }

  /** Makes the user a member of the project; one who is a member already keeps the role. */
  addToProject(project: Project, user: User, role: Role): void {
    this.add(user, "project", project.id, role);
  }

  /** The user's access level in the group: the highest given there or above; 0 for none. */
  levelInGroup(group: Pick<Group, "id">, user: User): number {
    const levels = this.namespaces
      .findLineage(group.id)
      .map(({ id }) => this.levelGiven("group", id, user));
    return Math.max(0, ...levels);
  }

  /** The access level that the project itself, not a group above, gives the user; 0 for none. */
  levelGivenByProject(project: Project, user: User): number {
    return this.levelGiven("project", project.id, user);
  }

  /** The user's access level in the project: the highest given there or in a group above; 0 for none. */
  levelInProject(project: Project, user: User): number {
    return Math.max(
      this.levelGivenByProject(project, user),
      this.levelInGroup({ id: project.groupId }, user),
    );
  }

  /** The members whom the source itself has, by user. */
  list(source: MemberSource): Member[] {
    const rows = this.database
      .prepare(
        `SELECT ${columns} FROM members WHERE source = ? AND source_id = ?
           AND (expires_at IS NULL OR expires_at > ?) ORDER BY user_id`,
      )
      .all(source.kind, source.id, this.today());
    return (rows as unknown as Row[]).map(read);
  }

  /** The members of the source and of all groups above it: each once, with the highest level, by user. */
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

  /** Makes the user a member, or changes what kind of member the user is. */
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

  /** Ends the membership. */
  remove({ userId, source }: Member): void {
    this.database
      .prepare("DELETE FROM members WHERE user_id = ? AND source = ? AND source_id = ?")
      .run(userId, source.kind, source.id);
  }

  /** The source itself and the groups above it, the topmost last. */
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
