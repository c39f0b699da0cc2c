import { statusesFor } from "../support/everyCaller";
import { tokenOf, World, type Answer, type CallerName } from "../support/world";

const world = new World();
beforeAll(() => world.start());
afterAll(() => world.stop());

const noon = world.now;
afterEach(() => {
  world.now = noon;
});

const site = "/projects/web%2Fgatsby-site/jobs";
// Not on the branch that is protected.
const request = { project: "web/gatsby-site", user: "developer", ref: "next" } as const;

const post = (id: number, action: string, as: CallerName = "developer"): Promise<Answer> =>
  world.api(`${site}/${id}/${action}`, { method: "POST", as });

describe("jobs", () => {
  // nobody, stranger, guest, reporter, developer, maintainer, owner, admin
  it.each<[string, number[]]>([
    ["list", [401, 404, 200, 200, 200, 200, 200, 200]],
    ["get", [401, 404, 200, 200, 200, 200, 200, 200]],
    ["trace", [401, 404, 200, 200, 200, 200, 200, 200]],
    ["cancel", [401, 404, 403, 403, 201, 201, 201, 201]],
    ["cancel?force=true", [401, 404, 403, 403, 403, 201, 201, 201]],
    ["retry", [401, 404, 403, 403, 201, 201, 201, 201]],
    ["play", [401, 404, 403, 403, 200, 200, 200, 200]],
    ["erase", [401, 404, 403, 403, 201, 201, 201, 201]],
  ])("%s: %j", async (endpoint, statuses) => {
    const found = await statusesFor(async (as) => {
      const status = endpoint === "play" ? "manual" : "running";
      const job = await world.control.startJob({ ...request, status });
      if (["retry", "erase"].includes(endpoint)) await world.control.endJob(job, "failed");
      if (endpoint === "list") return world.api(site, { as });
      if (endpoint === "get") return world.api(`${site}/${job.id}`, { as });
      if (endpoint === "trace") return world.api(`${site}/${job.id}/trace`, { as });
      return post(job.id, endpoint, as);
    });

    expect(found).toEqual(statuses);
  });

  it("tell what they are to who has their token", async () => {
    const started = await world.control.startJob({
      ...request,
      ref: "main",
      sha: "a".repeat(40),
      name: "deploy",
      stage: "production",
    });
    world.now = new Date("2027-01-01T12:00:10.000Z");
    const answer = await world.api("/job", { headers: { "job-token": started.token } });
    const body = {
      id: started.id,
      status: "running",
      stage: "production",
      name: "deploy",
      ref: "main",
      tag: false,
      coverage: null,
      allow_failure: false,
      created_at: noon.toISOString(),
      started_at: noon.toISOString(),
      finished_at: null,
      erased_at: null,
      duration: 10,
      queued_duration: 0,
      user: expect.objectContaining({ username: "developer" }) as object,
      commit: { id: "a".repeat(40), short_id: "aaaaaaaa" },
      pipeline: expect.objectContaining({ id: started.pipelineId, source: "push" }) as object,
      web_url: `${world.url}/web/gatsby-site/-/jobs/${started.id}`,
      project: { ci_job_token_scope_enabled: false },
      artifacts: [],
      runner: null,
      runner_manager: null,
      artifacts_expire_at: null,
      archived: false,
      tag_list: [],
    };

    expect(answer.body).toEqual(body);
    expect(answer.text).not.toContain(started.token);
    expect((await world.api(`${site}/${started.id}`, { as: "guest" })).body).toEqual(body);
    // An access token may ask; it has no job.
    expect(await world.api("/job", { token: tokenOf("developer") })).toMatchObject({
      status: 404,
      body: { message: "404 Job Not Found" },
    });
    expect(await world.api("/job")).toMatchObject({ status: 401 });
  });

  it.each(["success", "failed", "canceled"] as const)(
    "that ended with %s have a dead token",
    async (outcome) => {
      const job = await world.control.startJob(request);
      const headers = { "job-token": job.token };
      expect(await world.api("/job", { headers })).toMatchObject({ status: 200 });

      await world.control.endJob(job, outcome);
      expect(await world.api("/job", { headers })).toMatchObject({
        status: 401,
        body: { message: "401 Unauthorized" },
      });
      // What has ended doesn't end again.
      await world.control.endJob(job, "failed");
      expect(await world.api(`${site}/${job.id}`, { as: "guest" })).toMatchObject({
        body: {
          status: outcome,
          finished_at: world.now.toISOString(),
          ...(outcome === "failed" ? { failure_reason: "script_failure" } : {}),
        },
      });
    },
  );

  it("that wait have no token that opens anything, until a runner has them", async () => {
    const waiting = await world.control.startJob({ ...request, status: "pending" });
    expect(await world.api("/job", { headers: { "job-token": waiting.token } })).toMatchObject({
      status: 401,
    });

    const running = await world.control.runJob(waiting);
    expect(running.id).toBe(waiting.id);
    expect(await world.api("/job", { headers: { "job-token": running.token } })).toMatchObject({
      status: 200,
      body: { id: waiting.id },
    });
  });

  it("are canceled, retried, played and erased when that makes sense", async () => {
    const job = await world.control.startJob({ ...request, name: "build" });
    const forbidden = (reason: string) => ({
      status: 403,
      body: { message: `403 Forbidden - ${reason}` },
    });

    expect(await post(job.id, "retry")).toMatchObject(forbidden("Job is not retryable"));
    expect(await post(job.id, "erase")).toMatchObject(forbidden("Job is not erasable!"));
    expect(await post(job.id, "play")).toMatchObject({
      status: 400,
      body: { message: "400 Bad request - Unplayable Job" },
    });
    expect(await post(job.id, "cancel")).toMatchObject({ body: { status: "canceled" } });
    expect(await post(job.id, "cancel")).toMatchObject({
      status: 201,
      body: { status: "canceled" },
    });
    expect(await post(job.id, "erase")).toMatchObject({
      body: { erased_at: world.now.toISOString() },
    });
    expect(await post(job.id, "erase")).toMatchObject(forbidden("Job is not erasable!"));
    const retried = await post(job.id, "retry");
    expect(retried).toMatchObject({ body: { status: "pending", name: "build" } });
    expect((retried.body as { id: number }).id).not.toBe(job.id);
    expect(await post(job.id, "retry")).toMatchObject(forbidden("Job is not retryable"));

    const manual = await world.control.startJob({ ...request, status: "manual" });
    expect(await post(manual.id, "play", "maintainer")).toMatchObject({
      body: { status: "pending", user: { username: "maintainer" } },
    });
  });

  it("of others are erased by maintainers alone", async () => {
    const job = await world.control.startJob({ ...request, user: "owner" });
    await world.control.endJob(job, "success");

    expect(await post(job.id, "erase")).toMatchObject({ status: 403 });
    expect(await post(job.id, "erase", "maintainer")).toMatchObject({ status: 201 });
  });

  it("are listed newest first, by status", async () => {
    const project = { project: "web/inner/deep", user: "owner" } as const;
    const first = await world.control.startJob(project);
    const second = await world.control.startJob(project);
    await world.control.endJob(first, "failed");
    const path = "/projects/web%2Finner%2Fdeep/jobs";
    const ids = async (query: string): Promise<number[]> =>
      ((await world.api(path + query, { as: "guest" })).body as { id: number }[]).map(
        ({ id }) => id,
      );

    expect(await ids("")).toEqual([second.id, first.id]);
    expect(await ids("?scope=failed")).toEqual([first.id]);
    expect(await ids("?scope[]=failed&scope[]=running")).toEqual([second.id, first.id]);
    expect(await world.api(`${path}?scope=odd`, { as: "guest" })).toMatchObject({
      status: 400,
      body: { error: "scope does not have a valid value" },
    });
    expect(await world.api(`${path}/999999`, { as: "guest" })).toMatchObject({
      status: 404,
      body: { message: "404 Not found" },
    });
  });

  it("and their tokens outlive a restart", async () => {
    const job = await world.control.startJob(request);
    await world.restart();

    expect(await world.api("/job", { headers: { "job-token": job.token } })).toMatchObject({
      status: 200,
      body: { id: job.id },
    });
  });
});
