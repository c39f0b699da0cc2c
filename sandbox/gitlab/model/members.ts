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

/** Who is a member of what. */
export class Members {
  constructor(
    private readonly database: DatabaseSync,
    private readonly namespaces: Namespaces,
  ) {
    database.exec(`
      CREATE TABLE IF NOT EXISTS members (
        user_id INTEGER NOT NULL REFERENCES users,
        source TEXT NOT NULL,
        source_id INTEGER NOT NULL,
        access_level INTEGER NOT NULL,
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

  private add(user: User, source: "group" | "project", sourceId: number, role: Role): void {
    this.database
      .prepare("INSERT OR IGNORE INTO members VALUES (?, ?, ?, ?)")
      .run(user.id, source, sourceId, roles[role]);
  }

  private levelGiven(source: "group" | "project", sourceId: number, user: User): number {
    const row = this.database
      .prepare(
        "SELECT access_level FROM members WHERE user_id = ? AND source = ? AND source_id = ?",
      )
      .get(user.id, source, sourceId);
    return (row as { access_level: number } | undefined)?.access_level ?? 0;
  }
}
