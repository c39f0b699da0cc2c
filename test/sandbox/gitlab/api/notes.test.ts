import { statusesFor } from "../support/everyCaller";
import { World, type Answer, type CallerName } from "../support/world";

const world = new World();
beforeAll(() => world.start());
afterAll(() => world.stop());

const noon = world.now;
afterEach(async () => {
  world.now = noon;
  await world.control.reset();
});

const site = "/projects/web%2Fgatsby-site/merge_requests";
const open = "/projects/open%2Fpublic/merge_requests";

interface Note {
  readonly id: number;
  readonly body: string;
}

let branches = 0;

/** The notes of a new merge request. */
async function createNotes(path = site): Promise<string> {
  const json = { source_branch: `b${++branches}`, target_branch: "next", title: "t" };
  const { body } = await world.api(path, { method: "POST", as: "admin", json });
  return `${path}/${(body as { iid: number }).iid}/notes`;
}

const write = (path: string, json: object, as: CallerName = "developer"): Promise<Answer> =>
  world.api(path, { method: "POST", as, json });

describe("notes on merge requests", () => {
  // nobody, stranger, guest, reporter, developer, maintainer, owner, admin
  it.each<[string, string, number[]]>([
    ["list", site, [401, 404, 404, 200, 200, 200, 200, 200]],
    ["get", site, [401, 404, 404, 200, 200, 200, 200, 200]],
    ["create", site, [401, 404, 404, 201, 201, 201, 201, 201]],
    ["update another's", site, [401, 404, 404, 403, 403, 200, 200, 200]],
    ["delete another's", site, [401, 404, 404, 403, 403, 204, 204, 204]],
    ["list", open, [401, 200, 200, 200, 200, 200, 200, 200]],
    ["create", open, [401, 201, 201, 201, 201, 201, 201, 201]],
    ["update another's", open, [401, 403, 403, 403, 403, 200, 200, 200]],
  ])("%s at %s: %j", async (endpoint, path, statuses) => {
    const notes = await createNotes(path);
    const found = await statusesFor(async (as) => {
      if (endpoint === "list") return world.api(notes, { as });
      if (endpoint === "create") return write(notes, { body: "x" }, as);
      const { id } = (await write(notes, { body: "x" }, "admin")).body as Note;
      if (endpoint === "get") return world.api(`${notes}/${id}`, { as });
      if (endpoint === "delete another's") {
        return world.api(`${notes}/${id}`, { method: "DELETE", as });
      }
      return world.api(`${notes}/${id}`, { method: "PUT", as, json: { body: "y" } });
    });

    expect(found).toEqual(statuses);
  });

  it("are written, changed and removed by their author", async () => {
    const notes = await createNotes();
    const created = await write(notes, { body: "<!-- sticky --> first" }, "reporter");
    const { id } = created.body as Note;
    const note = {
      id,
      type: null,
      body: "<!-- sticky --> first",
      attachment: null,
      author: expect.objectContaining({ username: "reporter", name: "The reporter" }) as object,
      created_at: world.now.toISOString(),
      updated_at: world.now.toISOString(),
      system: false,
      noteable_id: expect.any(Number) as number,
      noteable_type: "MergeRequest",
      project_id: expect.any(Number) as number,
      resolvable: false,
      confidential: false,
      internal: false,
      imported: false,
      imported_from: "none",
      noteable_iid: Number(notes.split("/").at(-2)),
      commands_changes: {},
    };
    expect(created).toMatchObject({ status: 201 });
    expect(created.body).toEqual(note);
    expect((await world.api(`${notes}/${id}`, { as: "reporter" })).body).toEqual(note);

    world.now = new Date("2027-01-01T13:00:00.000Z");
    const json = { body: "second" };
    const changed = await world.api(`${notes}/${id}`, { method: "PUT", as: "reporter", json });
    expect(changed).toMatchObject({ status: 200 });
    expect(changed.body).toEqual({
      ...note,
      body: "second",
      updated_at: "2027-01-01T13:00:00.000Z",
    });
    expect((await world.api(notes, { as: "reporter" })).body).toEqual([changed.body]);

    expect(await world.api(`${notes}/${id}`, { method: "DELETE", as: "reporter" })).toMatchObject({
      status: 204,
      text: "",
    });
    expect(await world.api(`${notes}/${id}`, { as: "reporter" })).toMatchObject({
      status: 404,
      body: { message: "404 Not found" },
    });
  });

  it("come newest first, or as is asked, in pages that don't overlap", async () => {
    const notes = await createNotes();
    const ids: number[] = [];
    for (const body of ["a", "b", "c"]) ids.push(((await write(notes, { body })).body as Note).id);
    world.now = new Date("2027-01-01T14:00:00.000Z");
    const json = { body: "a2" };
    await world.api(`${notes}/${ids[0]}`, { method: "PUT", as: "developer", json });
    const bodies = async (query: string): Promise<string[]> =>
      ((await world.api(`${notes}?${query}`, { as: "reporter" })).body as Note[]).map(
        ({ body }) => body,
      );

    expect(await bodies("")).toEqual(["c", "b", "a2"]);
    expect(await bodies("sort=asc")).toEqual(["a2", "b", "c"]);
    expect(await bodies("order_by=updated_at")).toEqual(["a2", "c", "b"]);
    expect(await bodies("per_page=2")).toEqual(["c", "b"]);
    expect(await bodies("per_page=2&page=2")).toEqual(["a2"]);
    expect(await world.api(`${notes}?order_by=id`, { as: "reporter" })).toMatchObject({
      status: 400,
      body: { error: "order_by does not have a valid value" },
    });
  });

  it("tell comments from activity", async () => {
    const notes = await createNotes();
    const json = { description: "d" };
    await world.api(notes.replace("/notes", ""), { method: "PUT", as: "developer", json });
    await write(notes, { body: "comment" });
    const bodies = async (filter: string): Promise<string[]> =>
      (
        (await world.api(`${notes}?activity_filter=${filter}`, { as: "reporter" })).body as Note[]
      ).map(({ body }) => body);

    expect(await bodies("all_notes")).toEqual(["comment", "changed the description"]);
    expect(await bodies("only_comments")).toEqual(["comment"]);
    expect(await bodies("only_activity")).toEqual(["changed the description"]);
    const [, { id }] = (await world.api(notes, { as: "reporter" })).body as Note[];
    for (const method of ["PUT", "DELETE"] as const) {
      expect(
        await world.api(`${notes}/${id}`, { method, as: "owner", json: { body: "x" } }),
      ).toMatchObject({ status: 403, body: { message: "403 Forbidden" } });
    }
  });

  it("hold a million characters, and no more; and are never blank", async () => {
    const notes = await createNotes();
    const refusal = (problem: string) => ({
      status: 400,
      body: { message: `400 Bad request - Note {:note=>["${problem}"]}` },
    });

    expect(await write(notes, { body: "n".repeat(1_000_000) })).toMatchObject({ status: 201 });
    expect(await write(notes, { body: "n".repeat(1_000_001) })).toMatchObject(
      refusal("is too long (maximum is 1000000 characters)"),
    );
    expect(await write(notes, { body: " \n" })).toMatchObject(refusal("can't be blank"));
    expect(await write(notes, {})).toMatchObject({
      status: 400,
      body: { error: "body is missing" },
    });
    const { id } = (await write(notes, { body: "x" })).body as Note;
    const json = { body: "" };
    expect(
      await world.api(`${notes}/${id}`, { method: "PUT", as: "developer", json }),
    ).toMatchObject({ status: 400, body: { error: "body is empty" } });
  });

  it.each(["internal", "confidential"])("are shown to reporters alone when %s", async (name) => {
    const notes = await createNotes(open);
    const created = await write(notes, { body: "secret", [name]: true });
    const { id } = created.body as Note;

    expect(created.body).toMatchObject({ internal: true, confidential: true });
    expect((await world.api(notes, { as: "reporter" })).body).toMatchObject([{ id }]);
    // As in GitLab, what may not be read is cut from the page after it was counted.
    expect(await world.api(notes, { as: "guest" })).toMatchObject({
      body: [],
      headers: { "x-total": "1" },
    });
    expect(await world.api(`${notes}/${id}`, { as: "guest" })).toMatchObject({
      status: 404,
      body: { message: "404 Note Not Found" },
    });
  });

  it("are dated by owners", async () => {
    const notes = await createNotes();
    const json = { body: "x", created_at: "2020-01-01T00:00:00Z" };

    expect((await write(notes, json, "owner")).body).toMatchObject({
      created_at: "2020-01-01T00:00:00.000Z",
    });
    expect((await write(notes, json, "maintainer")).body).toMatchObject({
      created_at: world.now.toISOString(),
    });
  });

  it("are counted against a limit of each user", async () => {
    await world.control.changeLimits({ notesPerMinute: 2 });
    const notes = await createNotes();
    const statuses = async (as: CallerName): Promise<number[]> => [
      (await write(notes, { body: "x" }, as)).status,
      (await write(notes, { body: "x" }, as)).status,
      (await write(notes, { body: "x" }, as)).status,
    ];

    expect(await statuses("developer")).toEqual([201, 201, 429]);
    expect(await statuses("maintainer")).toEqual([201, 201, 429]);
    expect((await write(notes, { body: "x" })).body).toEqual({
      message: { error: "This endpoint has been requested too many times. Try again later." },
    });
    world.now = new Date("2027-01-01T12:01:00.000Z");
    expect((await write(notes, { body: "x" })).status).toBe(201);
  });

  it("are read by a job, and written by none", async () => {
    const notes = await createNotes();
    const { id } = (await write(notes, { body: "x" })).body as Note;
    const job = await world.control.startJob({ project: "web/gatsby-site", user: "developer" });
    const headers = { "job-token": job.token };

    expect(await world.api(notes, { headers })).toMatchObject({ status: 200 });
    expect(await world.api(`${notes}/${id}`, { headers })).toMatchObject({ status: 200 });
    for (const method of ["POST", "PUT", "DELETE"] as const) {
      const path = method === "POST" ? notes : `${notes}/${id}`;
      expect(await world.api(path, { method, headers, json: { body: "x" } })).toMatchObject({
        status: 401,
        body: { message: "401 Unauthorized" },
      });
    }
  });

  it("are of a merge request that is there, and say so after a restart", async () => {
    expect(await world.api(`${site}/9999/notes`, { as: "owner" })).toMatchObject({
      status: 404,
      body: { message: "404 Not found" },
    });
    const notes = await createNotes();
    const created = await write(notes, { body: "kept" });
    await world.restart();
    expect((await world.api(notes, { as: "reporter" })).body).toEqual([created.body]);
  });
});
