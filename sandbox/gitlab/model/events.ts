import type { DatabaseSync } from "node:sqlite";

/** Something that happened. No secret is ever part of it: tokens are named by kind and id. */
export interface Event {
  readonly id: number;
  /** Instant, ISO 8601 in UTC. */
  readonly at: string;
  /** What happened, e.g. `registry_token`, `api_request`, `tag_deleted`. */
  readonly action: string;
  /** User name, or a deploy token's; null for nobody. */
  readonly actor: string | null;
  /** What the actor showed for it, such as `deploy_token 7`; null for nothing. */
  readonly credential: string | null;
  /** What it was done to, e.g. `POST /projects/:id/deploy_tokens` or `web/gatsby-site:v1`. */
  readonly target: string;
  /** Whatever else is worth knowing, e.g. the status or the scopes that were granted. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** What is recorded; the time is the clock's. */
export type EventArgs = Pick<Event, "action" | "target"> &
  Partial<Pick<Event, "actor" | "credential" | "details">>;

/** Which events are wanted. */
export interface EventFilter {
  /** Id of the last event that is known already. @default all */
  readonly after?: number;
  readonly action?: string;
  readonly actor?: string;
  /** Part of the target. */
  readonly target?: string;
  /** How many at most. @default all */
  readonly limit?: number;
}

interface Row extends Omit<Event, "details"> {
  readonly details: string;
}

/** The log of all that happened, for tests and for people who wonder. */
export class Events {
  constructor(
    private readonly database: DatabaseSync,
    private readonly now: () => Date,
  ) {
    database.exec(`
      CREATE TABLE IF NOT EXISTS events (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at TEXT NOT NULL,
        action TEXT NOT NULL,
        actor TEXT,
        credential TEXT,
        target TEXT NOT NULL,
        details TEXT NOT NULL
      ) STRICT`);
  }

  /** Adds an event. */
  record({ action, target, actor = null, credential = null, details = {} }: EventArgs): void {
    this.database
      .prepare(
        `INSERT INTO events (at, action, actor, credential, target, details)
         VALUES (?, ?, ?, ?, ?, ?)`,
      )
      .run(this.now().toISOString(), action, actor, credential, target, JSON.stringify(details));
  }

  /** The events that the filter lets through, oldest first. */
  list(filter: EventFilter = {}): Event[] {
    const { after = 0, limit = -1, action = null, actor = null, target = null } = filter;
    const rows = this.database
      .prepare(
        `SELECT id, at, action, actor, credential, target, details FROM events
         WHERE id > ? AND (? IS NULL OR action = ?) AND (? IS NULL OR actor = ?)
           AND (? IS NULL OR instr(target, ?) > 0)
         ORDER BY id LIMIT ?`,
      )
      .all(after, action, action, actor, actor, target, target, limit) as unknown as Row[];
    return rows.map((row) => ({
      ...row,
      details: JSON.parse(row.details) as Event["details"],
    }));
  }
}
