import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { upgradeSchema } from "../../../../sandbox/gitlab/model/schema";
import { World } from "../support/world";

describe("upgradeSchema", () => {
  const old = (sql: string): DatabaseSync => {
    const database = new DatabaseSync(":memory:");
    database.exec(sql);
    return database;
  };
  const upgrade = (database: DatabaseSync, sql: string): void =>
    upgradeSchema(database, (fresh) => fresh.exec(sql));

  it("adds columns that may be empty or have a default, and keeps what is there", () => {
    const database = old("CREATE TABLE t (id INTEGER); INSERT INTO t VALUES (1)");

    upgrade(
      database,
      "CREATE TABLE t (id INTEGER, a TEXT, b INTEGER NOT NULL DEFAULT 7, c TEXT NOT NULL DEFAULT 'x');" +
        "CREATE TABLE other (id INTEGER)",
    );

    expect({ ...database.prepare("SELECT * FROM t").get() }).toEqual({
      id: 1,
      a: null,
      b: 7,
      c: "x",
    });
    expect(() => database.prepare("SELECT * FROM other")).toThrow("no such table");
  });

  it("says what to do when a column can't be added", () => {
    expect(() =>
      upgrade(old("CREATE TABLE t (id INTEGER)"), "CREATE TABLE t (id INTEGER, a TEXT NOT NULL)"),
    ).toThrow(
      "The simulator's database is too old: its table `t` has no `a`, and what is in it can't be given " +
        "one. Delete the database (`make clean` does), and the seed is applied again.",
    );
  });
});

describe("a database of an older simulator", () => {
  it("is taken over", async () => {
    const world = new World();
    mkdirSync(join(world.folder, "data"));
    const database = new DatabaseSync(join(world.folder, "data", "gitlab.sqlite"));
    // As the first version had it.
    database.exec(`
      CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT,
        username TEXT NOT NULL UNIQUE COLLATE NOCASE, name TEXT NOT NULL, email TEXT NOT NULL,
        password_hash TEXT, admin INTEGER NOT NULL, two_factor INTEGER NOT NULL,
        created_at TEXT NOT NULL) STRICT;
      CREATE TABLE personal_access_tokens (id INTEGER PRIMARY KEY AUTOINCREMENT,
        user_id INTEGER NOT NULL REFERENCES users, name TEXT NOT NULL, scopes TEXT NOT NULL,
        token_hash TEXT NOT NULL UNIQUE, revoked INTEGER NOT NULL DEFAULT 0, expires_at TEXT,
        created_at TEXT NOT NULL, last_used_at TEXT) STRICT;
      INSERT INTO users VALUES (7, 'owner', 'Old owner', 'o@example.com', NULL, 0, 0, '2026-01-01T00:00:00.000Z')`);
    database.close();

    await world.start();

    expect(await world.api("/user", { as: "owner" })).toMatchObject({
      status: 200,
      body: { id: 7, name: "Old owner" },
    });
    expect(
      await world.api("/personal_access_tokens/self/rotate", { method: "POST", as: "owner" }),
    ).toMatchObject({ status: 200 });
    await world.stop();
  });
});
