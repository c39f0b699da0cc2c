import { randomBytes } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";

import type { Members, MemberSource } from "./members";
import type { User, Users } from "./users";

const nameBytes = 16;

/** Users of project and group access tokens: one bot for each token and its rotated successors. */
export class ResourceBots {
  constructor(
    private readonly database: DatabaseSync,
    private readonly users: Users,
    private readonly members: Members,
  ) {
    database.exec(`
      CREATE TABLE IF NOT EXISTS resource_bots (
        user_id INTEGER PRIMARY KEY REFERENCES users,
        source TEXT NOT NULL,
        source_id INTEGER NOT NULL
      ) STRICT`);
  }

  /** Creates a bot with its token's name, and makes it a member of the project or group. */
  create(source: MemberSource, name: string, accessLevel: number, host: string): User {
    const username = `${source.kind}_${source.id}_bot_${randomBytes(nameBytes).toString("hex")}`;
    const bot = this.users.create({
      username,
      name,
      email: `${username}@noreply.${host}`,
      password: undefined,
      admin: false,
      twoFactor: false,
    });
    this.database
      .prepare("INSERT INTO resource_bots (user_id, source, source_id) VALUES (?, ?, ?)")
      .run(bot.id, source.kind, source.id);
    this.members.set(source, bot, accessLevel, null);
    return bot;
  }

  /** Returns the ids of the project's or group's bots. */
  list(source: MemberSource): number[] {
    const rows = this.database
      .prepare("SELECT user_id AS id FROM resource_bots WHERE source = ? AND source_id = ?")
      .all(source.kind, source.id);
    return (rows as unknown as { id: number }[]).map(({ id }) => id);
  }

  /** Whether the user is a bot. */
  isBot(user: User): boolean {
    return this.findSource(user.id) !== undefined;
  }

  /** Returns the bot's project or group; `undefined` if no bot has that id. */
  findSource(userId: number): MemberSource | undefined {
    const row = this.database
      .prepare("SELECT source AS kind, source_id AS id FROM resource_bots WHERE user_id = ?")
      .get(userId);
    return row as unknown as MemberSource | undefined;
  }
}
