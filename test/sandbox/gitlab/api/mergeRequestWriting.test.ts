import { mergeRequestsOf, mergeRequestsPath } from "../support/mergeRequests";
import { World } from "../support/world";

const world = new World();
beforeAll(() => world.start());
afterAll(() => world.stop());

const noon = world.now;
afterEach(() => {
  world.now = noon;
});

const site = mergeRequestsPath;
const { create, put } = mergeRequestsOf(world);

describe("a merge request that is open", () => {
  it("closes and reopens, and keeps who did", async () => {
    const { iid } = await create();
    const path = `${site}/${iid}`;
    world.now = new Date("2027-01-01T13:00:00.000Z");

    expect((await put(path, { state_event: "close" }, "maintainer")).body).toMatchObject({
      state: "closed",
      closed_at: "2027-01-01T13:00:00.000Z",
      closed_by: { username: "maintainer" },
      updated_at: "2027-01-01T13:00:00.000Z",
      detailed_merge_status: "not_open",
    });
    expect((await put(path, { state_event: "reopen" })).body).toMatchObject({
      state: "opened",
      closed_at: null,
      closed_by: null,
      detailed_merge_status: "mergeable",
    });
    await put(`${path}/merge`, {});
    const events = await world.api(`${path}/resource_state_events`, { as: "guest" });
    expect(events.status).toBe(404);
    expect(
      (await world.api(`${path}/resource_state_events`, { as: "reporter" })).body,
    ).toMatchObject([
      { state: "closed", resource_type: "MergeRequest", user: { username: "maintainer" } },
      { state: "reopened", user: { username: "developer" } },
      { state: "merged", user: { username: "developer" } },
    ]);
    // As in GitLab, changes of state are no notes.
    expect((await world.api(`${path}/notes`, { as: "reporter" })).body).toEqual([]);
  });

  it("notes what was changed about it", async () => {
    const { iid } = await create({ title: "Draft: Old title", target_branch: "main" });
    const path = `${site}/${iid}`;
    await put(path, { title: "New title", description: "text", target_branch: "next" });
    await put(path, { title: "New title", labels: "a,b", add_labels: "c", remove_labels: "a" });

    const notes = (await world.api(`${path}/notes?sort=asc`, { as: "reporter" })).body as {
      body: string;
      system: boolean;
    }[];
    expect(notes.map(({ body, system }) => [body, system])).toEqual([
      ["marked this merge request as **ready**", true],
      ["changed title from **{-Draft: Old-} title** to **{+New+} title**", true],
      ["changed the description", true],
      ["changed target branch from `main` to `next`", true],
    ]);
    expect((await world.api(path, { as: "reporter" })).body).toMatchObject({
      labels: ["b", "c"],
      user_notes_count: 0,
    });
  });

  it("lets its author change it, whatever the role", async () => {
    const path = "/projects/closed%2Flone/merge_requests";
    const { iid } = await create({}, path, "reporter");

    expect(await put(`${path}/${iid}`, { title: "mine" }, "reporter")).toMatchObject({
      status: 200,
    });
  });

  it.each<[object, unknown]>([
    [{ title: "" }, { error: "title is empty" }],
    [{ state_event: "merge" }, { error: "state_event does not have a valid value" }],
    [
      { nothing: 1 },
      {
        error:
          "assignee_id, assignee_ids, reviewer_ids, description, labels, add_labels, remove_labels, " +
          "milestone_id, remove_source_branch, allow_collaboration, allow_maintainer_to_push, squash, " +
          "target_branch, title, state_event, discussion_locked, merge_after are missing, at least one " +
          "parameter must be provided",
      },
    ],
  ])("refuses the change %j", async (json, body) => {
    const { iid } = await create();

    expect(await put(`${site}/${iid}`, json)).toMatchObject({ status: 400, body });
  });

  it("merges once, what it is ready for, at the head that is asked for", async () => {
    const { iid, sha } = await create({ title: "Draft: t" });
    const path = `${site}/${iid}`;
    const refused = { status: 405, body: { message: "405 Method Not Allowed" } };

    expect(await put(`${path}/merge`, {})).toMatchObject(refused);
    await put(path, { title: "t" });
    expect(await put(`${path}/merge`, { sha: "0".repeat(40) })).toMatchObject({
      status: 409,
      body: { message: `SHA does not match HEAD of source branch: ${sha}` },
    });
    const merged = await put(`${path}/merge`, { sha, squash: true });
    expect(merged).toMatchObject({
      status: 200,
      body: {
        state: "merged",
        merged_by: { username: "developer" },
        merge_user: { username: "developer" },
        merged_at: world.now.toISOString(),
        sha,
        merge_commit_sha: expect.stringMatching(/^[0-9a-f]{40}$/) as string,
        squash_commit_sha: expect.stringMatching(/^[0-9a-f]{40}$/) as string,
        detailed_merge_status: "not_open",
      },
    });
    expect(await put(`${path}/merge`, {})).toMatchObject(refused);
    expect((await put(path, { state_event: "close" })).body).toMatchObject({ state: "merged" });

    const pipeline = await world.api("/projects/web%2Fgatsby-site/pipeline", {
      method: "POST",
      as: "developer",
      json: { ref: "next" },
    });
    expect(pipeline.body).toMatchObject({
      sha: (merged.body as { merge_commit_sha: string }).merge_commit_sha,
    });
  });

  it("follows the head of its branch, and has its pipelines", async () => {
    const { iid, sha } = await create({ source_branch: "moving" });
    const job = { project: "web/gatsby-site", user: "developer" } as const;
    const head = "a".repeat(40);
    const pushed = await world.control.startJob({ ...job, ref: "moving", sha: head });
    const own = await world.control.startJob({ ...job, mergeRequest: iid });

    expect(sha).not.toBe(head);
    expect((await world.api(`${site}/${iid}`, { as: "reporter" })).body).toMatchObject({
      sha: head,
      diff_refs: { head_sha: head },
      head_pipeline: { id: own.pipelineId, sha: head, status: "running" },
      pipeline: { id: own.pipelineId },
    });
    const pipelines = await world.api(`${site}/${iid}/pipelines`, { as: "reporter" });
    expect(pipelines.body).toMatchObject([
      { id: own.pipelineId, source: "merge_request_event", ref: `refs/merge-requests/${iid}/head` },
      { id: pushed.pipelineId, source: "push", ref: "moving" },
    ]);
    expect(
      await world.api(`${site}/${iid}/pipelines`, { method: "POST", as: "developer" }),
    ).toMatchObject({ status: 200, body: { sha: head, source: "merge_request_event" } });
  });
});
