import type { DatabaseSync } from "node:sqlite";

/** Visibilities of a group or a project. */
export const visibilities = ["private", "internal", "public"] as const;
export type Visibility = (typeof visibilities)[number];

/**
 * Who may use a project's container registry: everyone who sees the project, its members from Reporter on, or nobody.
 */
export const registryAccessLevels = ["enabled", "private", "disabled"] as const;
export type RegistryAccessLevel = (typeof registryAccessLevels)[number];

/** The default branch of every project. */
export const defaultBranch = "main";

/** A group, or a subgroup. */
export interface Group {
  readonly id: number;
  readonly parentId: number | null;
  /** Full path, e.g. `web/sites`. */
  readonly path: string;
  readonly name: string;
  readonly visibility: Visibility;
  readonly createdAt: string;
}

/** A project, always in a group. */
export interface Project {
  readonly id: number;
  readonly groupId: number;
  /** Full path, e.g. `web/gatsby-site`. */
  readonly path: string;
  readonly name: string;
  readonly visibility: Visibility;
  readonly registryAccessLevel: RegistryAccessLevel;
  readonly description: string | null;
  readonly defaultBranch: string;
  readonly createdAt: string;
}

const groupColumns = `id, parent_id AS parentId, path, name, visibility, created_at AS createdAt`;
const projectColumns = `id, group_id AS groupId, path, name, visibility,
  registry_access_level AS registryAccessLevel, description, default_branch AS defaultBranch,
  created_at AS createdAt`;

/** Settings of a project that can change. */
export type ProjectSettings = Pick<
  Project,
  "name" | "visibility" | "registryAccessLevel" | "description" | "defaultBranch"
>;

/** All groups and projects, which share one namespace of paths. */
export class Namespaces {
  constructor(
    private readonly database: DatabaseSync,
    private readonly now: () => Date,
  ) {
    database.exec(`
      CREATE TABLE IF NOT EXISTS groups (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        parent_id INTEGER REFERENCES groups,
        path TEXT NOT NULL UNIQUE COLLATE NOCASE,
        name TEXT NOT NULL,
        visibility TEXT NOT NULL,
        created_at TEXT NOT NULL
      ) STRICT;
      CREATE TABLE IF NOT EXISTS projects (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        group_id INTEGER NOT NULL REFERENCES groups,
        path TEXT NOT NULL UNIQUE COLLATE NOCASE,
        name TEXT NOT NULL,
        visibility TEXT NOT NULL,
        registry_access_level TEXT NOT NULL,
        description TEXT,
        default_branch TEXT NOT NULL DEFAULT 'main',
        created_at TEXT NOT NULL
      ) STRICT;
      CREATE TABLE IF NOT EXISTS former_paths (
        path TEXT PRIMARY KEY COLLATE NOCASE,
        project_id INTEGER NOT NULL REFERENCES projects ON DELETE CASCADE
      ) STRICT`);
  }

  /** Creates a group. */
  createGroup(args: Omit<Group, "id" | "createdAt">): Group {
    return this.database
      .prepare(
        `INSERT INTO groups (parent_id, path, name, visibility, created_at)
         VALUES (?, ?, ?, ?, ?) RETURNING ${groupColumns}`,
      )
      .get(
        args.parentId,
        args.path,
        args.name,
        args.visibility,
        this.now().toISOString(),
      ) as unknown as Group;
  }

  /** Creates a project. */
  createProject(
    args: Omit<Project, "id" | "createdAt" | "description" | "defaultBranch">,
  ): Project {
    return this.database
      .prepare(
        `INSERT INTO projects (group_id, path, name, visibility, registry_access_level, created_at)
         VALUES (?, ?, ?, ?, ?, ?) RETURNING ${projectColumns}`,
      )
      .get(
        args.groupId,
        args.path,
        args.name,
        args.visibility,
        args.registryAccessLevel,
        this.now().toISOString(),
      ) as unknown as Project;
  }

  /** Replaces the project's settings. */
  updateProject(project: Project, settings: ProjectSettings): Project {
    return this.database
      .prepare(
        `UPDATE projects SET name = ?, visibility = ?, registry_access_level = ?, description = ?,
           default_branch = ? WHERE id = ? RETURNING ${projectColumns}`,
      )
      .get(
        settings.name,
        settings.visibility,
        settings.registryAccessLevel,
        settings.description,
        settings.defaultBranch,
        project.id,
      ) as unknown as Project;
  }

  /** Returns the group with that id (digits) or full path. */
  findGroup(idOrPath: string): Group | undefined {
    return this.database
      .prepare(`SELECT ${groupColumns} FROM groups WHERE ${columnOf(idOrPath)} = ?`)
      .get(idOrPath) as Group | undefined;
  }

  /** Returns the project with that id (digits) or full path. */
  findProject(idOrPath: string): Project | undefined {
    return this.database
      .prepare(`SELECT ${projectColumns} FROM projects WHERE ${columnOf(idOrPath)} = ?`)
      .get(idOrPath) as Project | undefined;
  }

  /** Returns all groups, oldest first. */
  listGroups(): Group[] {
    return this.database
      .prepare(`SELECT ${groupColumns} FROM groups ORDER BY id`)
      .all() as unknown as Group[];
  }

  /** Returns all projects, oldest first. */
  listProjects(): Project[] {
    return this.database
      .prepare(`SELECT ${projectColumns} FROM projects ORDER BY id`)
      .all() as unknown as Project[];
  }

  /** Returns the project that had this full path before it was moved, unless another project has it now. */
  findMovedProject(path: string): Project | undefined {
    const row = this.database
      .prepare("SELECT project_id AS id FROM former_paths WHERE path = ?")
      .get(path) as { id: number } | undefined;
    return row === undefined ? undefined : this.findProject(String(row.id));
  }

  /** Gives the project another path, in the same or another group. The old path then redirects to it. */
  moveProject(project: Project, group: Group, path: string): Project {
    this.database
      .prepare("INSERT OR REPLACE INTO former_paths (path, project_id) VALUES (?, ?)")
      .run(project.path, project.id);
    this.database.prepare("DELETE FROM former_paths WHERE path = ?").run(path);
    this.database
      .prepare("UPDATE projects SET path = ?, group_id = ? WHERE id = ?")
      .run(path, group.id, project.id);
    return { ...project, path, groupId: group.id };
  }

  /** Returns the group itself and the groups above it, the topmost last. */
  findLineage(groupId: number): Group[] {
    return this.database
      .prepare(
        `WITH RECURSIVE lineage(group_id, depth) AS (
           SELECT ?, 0
           UNION ALL
           SELECT parent_id, depth + 1 FROM groups JOIN lineage ON id = group_id
           WHERE parent_id IS NOT NULL
         )
         SELECT ${groupColumns} FROM groups JOIN lineage ON id = group_id ORDER BY depth`,
      )
      .all(groupId) as unknown as Group[];
  }

  /** Returns all projects in the group and its subgroups. */
  findProjectsBelow(group: Group): Project[] {
    return this.database
      .prepare(`SELECT ${projectColumns} FROM projects WHERE instr(lower(path), lower(?)) = 1`)
      .all(`${group.path}/`) as unknown as Project[];
  }
}

/** Decides if the text is an id or a path. GitLab forbids paths that have only digits. */
function columnOf(idOrPath: string): "id" | "path" {
  return /^\d+$/.test(idOrPath) ? "id" : "path";
}
