import type { DatabaseSync } from "node:sqlite";

/** An event. It never contains a secret: tokens appear by kind and id. */
export interface Event {
  readonly id: number;
  /** Instant, ISO 8601 in UTC. */
  readonly at: string;
  /** Kind of event, e.g. `registry_token`, `api_request`, `tag_deleted`. */
  readonly action: string;
  /** Name of the user or deploy token; null without one. */
  readonly actor: string | null;
  /** Credential of the actor, such as `deploy_token 7`; null without one. */
  readonly credential: string | null;
  /** Target of the action, e.g. `POST /projects/:id/deploy_tokens` or `web/gatsby-site:v1`. */
  readonly target: string;
  /** Additional information, e.g. the status or the granted scopes. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** Properties of a new event, whose time is the clock's. */
export type EventArgs = Pick<Event, "action" | "target"> &
  Partial<Pick<Event, "actor" | "credential" | "details">>;

/** Selects events. */
export interface EventFilter {
  /** Id of the last event that the reader has. @default all events */
  readonly after?: number;
  readonly action?: string;
  readonly actor?: string;
  /** Text that the target contains. */
  readonly target?: string;
  /** Maximum number of events. @default all */
  readonly limit?: number;
}

interface Row extends Omit<Event, "details"> {
  readonly details: string;
}

/** The log of all events, for tests and for finding out what happened. */
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

  /** Adds an event to the log. */
  record({ action, target, actor = null, credential = null, details = {} }: EventArgs): void {
    this.database
      .prepare(
        `INSERT INTO events (at, action, actor, credential, target, details)
         VALUES (?, ?, ?, ?, ?, ?)`,
      )
      .run(this.now().toISOString(), action, actor, credential, target, JSON.stringify(details));
  }

  /** Returns the events that match the filter, oldest first. */
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
