import { GitLabClient } from "../../../cli/gitlab/client";
import { openMergeRequestNotes } from "../../../cli/report/note/mergeRequestNotes";
import { parseNote, renderNote, type NoteSection } from "../../../cli/report/note/noteBody";
import { writeStickyNote, type NoteOutcome } from "../../../cli/report/note/stickyNote";
import { NotesServer, ownId, token } from "./support/notesServer";

const dev: NoteSection = { stack: "dev", pipeline: 10, text: "#### `dev`: 1 to update" };
const prod: NoteSection = { stack: "prod", pipeline: 10, text: "#### `prod`: 2 to create" };
let server: NotesServer;

beforeEach(async () => {
  server = await NotesServer.start();
});

afterEach(() => server.stop());

function write(
  sections: readonly NoteSection[],
  options: { isNeeded?: boolean; wait?: () => Promise<unknown> } = {},
): Promise<NoteOutcome> {
  const { isNeeded = true, wait = () => Promise.resolve() } = options;
  const client = new GitLabClient({ apiUrl: server.api, token, env: {}, purpose: "note" });
  const notes = openMergeRequestNotes(client, { project: "5", iid: "3" });
  return writeStickyNote(notes, sections, isNeeded, wait);
}

/** The stacks of each report note, in the order of the notes. */
function stacksOfNotes(): string[][] {
  return server.notes
    .map(({ body }) => parseNote(body).map(({ stack }) => stack))
    .filter((stacks) => stacks.length > 0);
}

describe("writeStickyNote", () => {
  it("makes a note, and then changes that one", async () => {
    expect(await write([dev])).toBe("created");
    expect(await write([{ ...dev, text: "#### `dev`: no changes" }], { isNeeded: false })).toBe(
      "updated",
    );
    expect(server.notes.map(({ body }) => parseNote(body)[0].text)).toEqual([
      "#### `dev`: no changes",
    ]);
  });

  it("writes nothing where all is as it was", async () => {
    await write([dev]);
    const before = server.writes.length;
    expect(await write([dev])).toBe("unchanged");
    expect(server.writes).toHaveLength(before);
  });

  it("makes no note to say that nothing changes", async () => {
    expect(await write([dev], { isNeeded: false })).toBe("not needed");
    expect(server.notes).toEqual([]);
  });

  it("keeps the other stacks' parts", async () => {
    await write([dev]);
    await write([prod]);
    expect(stacksOfNotes()).toEqual([["dev", "prod"]]);
  });

  it("finds its note among 150 others, on a second page", async () => {
    for (let count = 0; count < 150; count++) server.add(`Comment ${count}`, 8);
    await write([dev]);
    expect(await write([prod])).toBe("updated");
    expect(server.notes).toHaveLength(151);
    expect(stacksOfNotes()).toEqual([["dev", "prod"]]);
    expect(server.calls).toContainEqual(expect.stringMatching(/^GET .*[?&]page=2\b/));
  });

  it("leaves notes alone that are somebody else's, or GitLab's", async () => {
    const foreign = server.add(renderNote([{ ...dev, pipeline: 99, text: "false" }]), 8);
    const system = server.add(renderNote([prod]), ownId, true);
    expect(await write([dev])).toBe("created");
    expect(foreign.body).toContain("false");
    expect(system.body).toBe(renderNote([prod]));
    expect(server.notes.at(-1)?.body).toBe(renderNote([dev]));
  });

  it("makes a new note when somebody deletes the old one while it is written", async () => {
    await write([dev]);
    server.before = (call) => {
      if (call.startsWith("PUT")) server.notes.length = 0;
    };
    expect(await write([{ ...dev, text: "new" }])).toBe("created");
    expect(server.notes.map(({ body }) => body)).toEqual([renderNote([{ ...dev, text: "new" }])]);
  });

  it("writes again when another job, which read the note before, writes over it", async () => {
    await write([{ ...dev, text: "old" }]);
    let others = 0;
    const wait = (): Promise<void> => {
      // What the other job read before this one wrote: no `dev` of now.
      if (others++ === 0) server.notes[0].body = renderNote([{ ...dev, pipeline: 9 }, prod]);
      return Promise.resolve();
    };
    await write([dev], { wait });
    expect(parseNote(server.notes[0].body)).toEqual([dev, prod]);
  });

  it("makes one note of two that two jobs made at once, and loses nothing", async () => {
    let waiting: (() => void)[] = [];
    // Both have written before either looks again.
    const wait = (): Promise<void> =>
      new Promise((resolve) => {
        waiting.push(resolve);
        if (waiting.length === 2 || server.writes.length > 2) {
          waiting.forEach((go) => go());
          waiting = [];
        }
      });
    await Promise.all([write([dev], { wait }), write([prod], { wait })]);
    expect(stacksOfNotes()).toEqual([["dev", "prod"]]);
  });

  it("loses no part where many jobs write at once", async () => {
    const sections = ["a", "b", "c", "d"].map((stack) => ({ ...dev, stack }));
    const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    const wait = async (): Promise<void> => {
      for (let turns = 0; turns < 200; turns++) await turn();
    };
    await Promise.all(sections.map((section) => write([section], { wait })));
    expect(stacksOfNotes()).toEqual([["a", "b", "c", "d"]]);
  });

  it("keeps a newer pipeline's part when an older job is late", async () => {
    await write([{ ...dev, pipeline: 12, text: "new" }]);
    expect(await write([{ ...dev, pipeline: 11, text: "old" }])).toBe("unchanged");
    expect(server.notes[0].body).toContain("new");
  });

  it("gives up where others never stop", async () => {
    await write([dev]);
    let count = 0;
    const wait = (): Promise<void> => {
      server.notes[0].body = renderNote([{ ...prod, text: `other ${count++}` }]);
      return Promise.resolve();
    };
    await expect(write([{ ...dev, text: "mine" }], { wait })).rejects.toThrow(
      "Other jobs changed the note 5 times while this one wrote it. Give the jobs that write it one `resource_group`.",
    );
  });

  it("waits and goes on after too many requests", async () => {
    server.faults.push(
      { method: "GET", status: 429, headers: { "retry-after": "0" }, body: "Retry later" },
      { method: "POST", status: 429, headers: { "retry-after": "0" }, body: "Retry later" },
    );
    expect(await write([dev])).toBe("created");
    expect(server.notes).toHaveLength(1);
  });

  it("makes no second note when only the answer to the first got lost", async () => {
    server.faults.push({ method: "POST", status: 502, carriedOut: true });
    await write([dev]);
    expect(server.notes).toHaveLength(1);
    server.notes.length = 0;
    server.faults.push({ method: "POST", status: 502 });
    await write([dev]);
    expect(server.notes).toHaveLength(1);
  });

  it("passes a refusal on", async () => {
    server.faults.push({
      method: "POST",
      status: 403,
      body: JSON.stringify({ message: "403 Forbidden" }),
    });
    await expect(write([dev])).rejects.toMatchObject({ status: 403, reason: "403 Forbidden" });
  });
});
