import { statusesFor } from "../support/everyCaller";
import { World, type Answer, type CallerName } from "../support/world";

const world = new World();
beforeAll(() => world.start());
afterAll(() => world.stop());

const noon = world.now;
afterEach(() => {
  world.now = noon;
});

const site = "/projects/web%2Fgatsby-site/merge_requests";
const open = "/projects/open%2Fpublic/merge_requests";

interface Body {
  readonly id: number;
  readonly iid: number;
  readonly sha: string;
  readonly state: string;
}

let branches = 0;

async function create(fields: object = {}, path = site, as: CallerName = "developer") {
  const answer = await world.api(path, {
    method: "POST",
    as,
    json: {
      source_branch: `feature-${++branches}`,
      target_branch: "next",
      title: "A change",
      ...fields,
    },
  });
  expect(answer).toMatchObject({ status: 201 });
  return answer.body as Body;
}

const put = (path: string, json: object, as: CallerName = "developer"): Promise<Answer> =>
  world.api(path, { method: "PUT", as, json });

describe("merge requests", () => {
  // nobody, stranger, guest, reporter, developer, maintainer, owner, admin
  it.each<[string, string, number[]]>([
    ["list", site, [404, 404, 403, 200, 200, 200, 200, 200]],
    ["get", site, [404, 404, 403, 200, 200, 200, 200, 200]],
    ["pipelines", site, [404, 404, 403, 200, 200, 200, 200, 200]],
    ["create", site, [401, 404, 403, 403, 201, 201, 201, 201]],
    ["update", site, [401, 404, 403, 403, 200, 200, 200, 200]],
    ["merge", site, [401, 404, 404, 401, 200, 200, 200, 200]],
    ["merge into main", site, [401, 404, 404, 401, 401, 200, 200, 200]],
    ["delete", site, [401, 404, 404, 403, 403, 403, 204, 204]],
    ["list", open, [200, 200, 200, 200, 200, 200, 200, 200]],
    ["get", open, [200, 200, 200, 200, 200, 200, 200, 200]],
    ["create", open, [401, 403, 403, 403, 201, 201, 201, 201]],
    ["update", open, [401, 403, 403, 403, 200, 200, 200, 200]],
    ["merge", open, [401, 401, 401, 401, 200, 200, 200, 200]],
    ["delete", open, [401, 403, 403, 403, 403, 403, 204, 204]],
  ])("%s at %s: %j", async (endpoint, path, statuses) => {
    const found = await statusesFor(async (as) => {
      if (endpoint === "list") return world.api(path, { as });
      if (endpoint === "create") {
        const json = { title: "t", source_branch: `of-${as}`, target_branch: "next" };
        return world.api(path, { method: "POST", as, json });
      }
      const target_branch = endpoint === "merge into main" ? "main" : "next";
      const { iid } = await create({ target_branch }, path, "admin");
      if (endpoint === "get") return world.api(`${path}/${iid}`, { as });
      if (endpoint === "pipelines") return world.api(`${path}/${iid}/pipelines`, { as });
      if (endpoint === "update") return put(`${path}/${iid}`, { title: "u" }, as);
      if (endpoint === "delete") return world.api(`${path}/${iid}`, { method: "DELETE", as });
      return put(`${path}/${iid}/merge`, {}, as);
    });

    expect(found).toEqual(statuses);
  });

  it("says everything of one that was opened", async () => {
    const path = "/projects/web%2Finner%2Fdeep/merge_requests";
    const author = (await world.api("/user", { as: "developer" })).body as { id: number };
    const created = await create(
      {
        source_branch: "review",
        target_branch: "main",
        title: "Draft: Review",
        description: "- [x] one\n- [ ] two",
        labels: "web,app",
        remove_source_branch: true,
        assignee_id: author.id,
        reviewer_ids: [author.id],
      },
      path,
    );
    const project = (await world.api("/projects/web%2Finner%2Fdeep", { as: "developer" })).body as {
      id: number;
    };
    const developer = {
      id: author.id,
      username: "developer",
      public_email: null,
      name: "The developer",
      state: "active",
      locked: false,
      avatar_url: null,
      web_url: `${world.url}/developer`,
    };
    const sha = expect.stringMatching(/^[0-9a-f]{40}$/) as string;
    const basic = {
      id: created.id,
      iid: 1,
      project_id: project.id,
      title: "Draft: Review",
      description: "- [x] one\n- [ ] two",
      state: "opened",
      created_at: world.now.toISOString(),
      updated_at: world.now.toISOString(),
      web_url: `${world.url}/web/inner/deep/-/merge_requests/1`,
      merged_by: null,
      merge_user: null,
      merged_at: null,
      closed_by: null,
      closed_at: null,
      target_branch: "main",
      source_branch: "review",
      user_notes_count: 0,
      upvotes: 0,
      downvotes: 0,
      author: developer,
      assignees: [developer],
      assignee: developer,
      reviewers: [developer],
      source_project_id: project.id,
      target_project_id: project.id,
      labels: ["app", "web"],
      draft: true,
      imported: false,
      imported_from: "none",
      work_in_progress: true,
      milestone: null,
      merge_when_pipeline_succeeds: false,
      merge_status: "can_be_merged",
      detailed_merge_status: "draft_status",
      merge_after: null,
      sha,
      merge_commit_sha: null,
      squash_commit_sha: null,
      discussion_locked: null,
      should_remove_source_branch: null,
      force_remove_source_branch: true,
      prepared_at: world.now.toISOString(),
      reference: "!1",
      references: { short: "!1", relative: "!1", full: "web/inner/deep!1" },
      time_stats: {
        time_estimate: 0,
        total_time_spent: 0,
        human_time_estimate: null,
        human_total_time_spent: null,
      },
      squash: false,
      squash_on_merge: false,
      task_completion_status: { count: 2, completed_count: 1 },
      has_conflicts: false,
      blocking_discussions_resolved: true,
    };
    const single = {
      ...basic,
      subscribed: true,
      changes_count: null,
      latest_build_started_at: null,
      latest_build_finished_at: null,
      first_deployed_to_production_at: null,
      pipeline: null,
      head_pipeline: null,
      diff_refs: { base_sha: sha, head_sha: created.sha, start_sha: sha },
      merge_error: null,
      user: { can_merge: false },
    };

    expect(created).toEqual(single);
    expect((await world.api(`${path}/1`, { as: "developer" })).body).toEqual({
      ...single,
      first_contribution: false,
    });
    expect((await world.api(path, { as: "developer" })).body).toEqual([basic]);
    expect((await world.api(`${path}?view=simple`, { as: "developer" })).body).toEqual([
      {
        id: created.id,
        iid: 1,
        project_id: project.id,
        title: "Draft: Review",
        description: "- [x] one\n- [ ] two",
        state: "opened",
        created_at: world.now.toISOString(),
        updated_at: world.now.toISOString(),
        web_url: `${world.url}/web/inner/deep/-/merge_requests/1`,
      },
    ]);
    const across = await world.api("/groups/web%2Finner/merge_requests", { as: "developer" });
    expect(across.body).toEqual([
      {
        ...basic,
        reference: "web/inner/deep!1",
        references: { ...basic.references, relative: "web/inner/deep!1" },
      },
    ]);
  });

  it("counts in the project, and never gives a number again", async () => {
    const first = await create();
    await world.api(`${site}/${first.iid}`, { method: "DELETE", as: "owner" });

    expect((await create()).iid).toBe(first.iid + 1);
  });

  it.each<[object, number, unknown]>([
    [{}, 400, { error: "title is missing, source_branch is missing, target_branch is missing" }],
    [
      { title: " ", source_branch: "a", target_branch: "b" },
      400,
      { message: { title: ["can't be blank"] } },
    ],
    [
      { title: "t".repeat(256), source_branch: "a", target_branch: "b" },
      400,
      { message: { title: ["is too long (maximum is 255 characters)"] } },
    ],
    [
      { title: "t", source_branch: "", target_branch: "" },
      400,
      { message: { source_branch: ["can't be blank"], target_branch: ["can't be blank"] } },
    ],
    [
      { title: "t", source_branch: "same", target_branch: "same" },
      422,
      { message: ["You can't use same project/branch for source and target"] },
    ],
  ])("refuses %j", async (json, status, body) => {
    const answer = await world.api(site, { method: "POST", as: "developer", json });

    expect({ status: answer.status, body: answer.body }).toEqual({ status, body });
  });

  it("opens one between two branches at a time", async () => {
    const branch = { source_branch: "only-one", target_branch: "next" };
    const { iid } = await create(branch);
    const again = () =>
      world.api(site, { method: "POST", as: "developer", json: { title: "t", ...branch } });

    expect(await again()).toMatchObject({
      status: 409,
      body: {
        message: [`Another open merge request already exists for this source branch: !${iid}`],
      },
    });
    await put(`${site}/${iid}`, { state_event: "close" });
    const second = await again();
    expect(second).toMatchObject({ status: 201 });
    expect(await put(`${site}/${iid}`, { state_event: "reopen" })).toMatchObject({
      status: 409,
      body: {
        message: [
          `Another open merge request already exists for this source branch: !${(second.body as Body).iid}`,
        ],
      },
    });
  });

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

  it("lists what is asked for, in the order that is asked for", async () => {
    const path = "/projects/open%2Finternal/merge_requests";
    const at = (hour: number): void => {
      world.now = new Date(Date.UTC(2027, 0, 1, hour));
    };
    at(1);
    await create({ title: "One", source_branch: "one", labels: "a,b" }, path, "developer");
    at(2);
    await create({ title: "Draft: Two", source_branch: "two" }, path, "maintainer");
    at(3);
    await create({ title: "Three", description: "TWO", target_branch: "main" }, path, "owner");
    at(4);
    await put(`${path}/1`, { state_event: "close" });
    const iids = async (query: string): Promise<number[]> => {
      const { body } = await world.api(`${path}?${query}`, { as: "developer" });
      return (body as Body[]).map(({ iid }) => iid);
    };
    const developer = (await world.api("/user", { as: "developer" })).body as { id: number };

    expect(await iids("")).toEqual([3, 2, 1]);
    expect(await iids("sort=asc")).toEqual([1, 2, 3]);
    expect(await iids("order_by=updated_at")).toEqual([1, 3, 2]);
    expect(await iids("order_by=title&sort=asc")).toEqual([2, 1, 3]);
    expect(await iids("state=opened")).toEqual([3, 2]);
    expect(await iids("state=closed")).toEqual([1]);
    expect(await iids("state=all")).toEqual([3, 2, 1]);
    expect(await iids("source_branch=two")).toEqual([2]);
    expect(await iids("target_branch=main")).toEqual([3]);
    expect(await iids("iids[]=1&iids[]=3")).toEqual([3, 1]);
    expect(await iids(`author_id=${developer.id}`)).toEqual([1]);
    expect(await iids("author_username=maintainer")).toEqual([2]);
    expect(await iids("scope=created_by_me")).toEqual([1]);
    expect(await iids("labels=a,b")).toEqual([1]);
    expect(await iids("labels=None")).toEqual([3, 2]);
    expect(await iids("search=two")).toEqual([3, 2]);
    expect(await iids("search=two&in=title")).toEqual([2]);
    expect(await iids("wip=yes")).toEqual([2]);
    expect(await iids("created_after=2027-01-01T02:00:00Z")).toEqual([3, 2]);
    expect(await iids("updated_before=2027-01-01T02:00:00Z")).toEqual([2]);
    const page = await world.api(`${path}?per_page=2&page=2`, { as: "developer" });
    expect(page).toMatchObject({
      body: [{ iid: 1 }],
      headers: { "x-total": "3", "x-page": "2", "x-next-page": "", "x-prev-page": "1" },
    });
    expect(await world.api(`${path}?state=new`, { as: "developer" })).toMatchObject({
      status: 400,
      body: { error: "state does not have a valid value" },
    });
  });

  it("are what they were after a restart", async () => {
    const { iid } = await create({ labels: "kept" });
    const before = await world.api(`${site}/${iid}`, { as: "developer" });
    await world.restart();

    expect((await world.api(`${site}/${iid}`, { as: "developer" })).body).toEqual(before.body);
  });

  it("are read by a job, and changed by none", async () => {
    const { iid } = await create();
    const { token } = await world.control.startJob({
      project: "web/gatsby-site",
      user: "developer",
    });
    const headers = { "job-token": token };

    expect(await world.api(`${site}/${iid}`, { headers })).toMatchObject({ status: 200 });
    expect(await world.api(site, { headers })).toMatchObject({ status: 200 });
    expect(await world.api(`${site}/${iid}/merge`, { method: "PUT", headers })).toMatchObject({
      status: 401,
    });
  });
});
