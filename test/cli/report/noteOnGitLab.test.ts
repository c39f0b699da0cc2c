import { GitLabClient } from "../../../cli/gitlab/client";
import { openMergeRequestNotes } from "../../../cli/report/note/mergeRequestNotes";
import { parseNote, renderNote, type NoteSection } from "../../../cli/report/note/noteBody";
import { writeStickyNote } from "../../../cli/report/note/stickyNote";
import { tokenOf, World, type CallerName } from "../../sandbox/gitlab/support/world";

const project = "web/gatsby-site";
const path = "/projects/web%2Fgatsby-site/merge_requests";
const dev: NoteSection = { stack: "dev", pipeline: 10, text: "#### `dev`: 1 to update" };
const prod: NoteSection = { stack: "prod", pipeline: 10, text: "#### `prod`: 2 to create" };
const world = new World();
let iid: string;
let branches = 0;

beforeAll(() => world.start());
afterAll(() => world.stop());

beforeEach(async () => {
  const json = { source_branch: `change-${++branches}`, target_branch: "next", title: "Change" };
  const { body } = await world.api(path, { method: "POST", as: "developer", json });
  iid = String((body as { iid: number }).iid);
});

afterEach(() => world.control.reset());

function write(sections: readonly NoteSection[], token = tokenOf("reporter")) {
  const client = new GitLabClient({ apiUrl: `${world.address}/api/v4`, token, env: {} });
  const notes = openMergeRequestNotes(client, { project, iid });
  return writeStickyNote(notes, sections, true, () => Promise.resolve());
}

/** The stacks of each report note there is, as GitLab lists them. */
async function stacksOfNotes(): Promise<string[][]> {
  const { body } = await world.api(`${path}/${iid}/notes?per_page=100&sort=asc`, {
    as: "reporter",
  });
  const notes = body as { body: string }[];
  return notes
    .map((note) => parseNote(note.body).map(({ stack }) => stack))
    .filter((one) => one.length > 0);
}

function comment(body: string, as: CallerName) {
  return world.api(`${path}/${iid}/notes`, { method: "POST", as, json: { body } });
}

// What the unit tests have a server of their own for, against all that the simulator knows of GitLab.
describe("the report's note on GitLab", () => {
  it("is written by a reporter's token, and written again in place", async () => {
    expect(await write([dev])).toBe("created");
    expect(await write([prod])).toBe("updated");
    expect(await write([prod])).toBe("unchanged");
    expect(await stacksOfNotes()).toEqual([["dev", "prod"]]);
  });

  it("is found among 150 comments", async () => {
    for (let count = 0; count < 150; count++) await comment(`Comment ${count}`, "developer");
    await write([dev]);
    expect(await write([prod])).toBe("updated");
  });

  it("is not somebody else's with the same marker, even where that could be changed", async () => {
    await comment(renderNote([{ ...dev, pipeline: 99 }]), "developer");
    expect(await write([dev], tokenOf("maintainer"))).toBe("created");
  });

  it("is made again when it was deleted", async () => {
    await write([dev]);
    const { body } = await world.api(`${path}/${iid}/notes`, { as: "reporter" });
    const [{ id }] = body as { id: number }[];
    await world.api(`${path}/${iid}/notes/${id}`, { method: "DELETE", as: "maintainer" });
    expect(await write([dev])).toBe("created");
  });

  it("can't be written by a token that only reads", async () => {
    await expect(write([dev], tokenOf("reporter", "read_api"))).rejects.toMatchObject({
      status: 403,
    });
  });

  it("can't be written by a stranger, who does not see the merge request", async () => {
    await expect(write([dev], tokenOf("stranger"))).rejects.toMatchObject({ status: 404 });
  });

  it("is one when two jobs write it at once", async () => {
    await Promise.all([write([dev]), write([prod])]);
    await write([dev]);
    await write([prod]);
    expect(await stacksOfNotes()).toEqual([["dev", "prod"]]);
  });
});
