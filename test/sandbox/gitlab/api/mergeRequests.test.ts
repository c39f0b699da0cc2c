import { statusesFor } from "../support/everyCaller";
import { mergeRequestsOf, mergeRequestsPath, type MergeRequest } from "../support/mergeRequests";
import { World } from "../support/world";

const world = new World();
beforeAll(() => world.start());
afterAll(() => world.stop());

const noon = world.now;
afterEach(() => {
  world.now = noon;
});

const site = mergeRequestsPath;
const open = "/projects/open%2Fpublic/merge_requests";
const { create, put } = mergeRequestsOf(world);

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
          `Another open merge request already exists for this source branch: !${(second.body as MergeRequest).iid}`,
        ],
      },
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
