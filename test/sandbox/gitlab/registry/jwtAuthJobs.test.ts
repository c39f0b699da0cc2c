import { decodeJwt } from "jose";

import type { Job } from "../../../../sandbox/gitlab/model/jobs";
import { callers, tokenOf, World } from "../support/world";
import { listAccess } from "./support/tokens";

let world: World;
beforeEach(async () => {
  world = new World();
  await world.start();
});
afterEach(() => world.stop());

const site = "web/gatsby-site";
const everything = "pull,push,delete,*";

function startJob(path = site, username = "developer"): Job & { value: string } {
  return world.state.jobs.create({
    pipelineId: 1,
    project: world.state.namespaces.findProject(path)!,
    user: world.state.users.findByUsername(username)!,
    name: "build",
    stage: "build",
  });
}

const ask = (scope: string, { value }: { value: string }) =>
  world.jwtAuth(`&scope=repository:${scope}`, `gitlab-ci-token:${value}`);

describe("a job's token", () => {
  it("pulls, pushes and deletes in its own project, and says so", async () => {
    const job = startJob();

    const answer = await ask(`${site}:${everything}`, job);

    expect(listAccess(answer)).toEqual([`${site}:pull,push,delete`]);
    const claims = decodeJwt((answer.body as { token: string }).token);
    expect(claims).toMatchObject({ auth_type: "build", sub: "developer" });
    expect(decodeJwt(String(claims["user"]))["user_info"]).toMatchObject({
      token_type: "build",
      username: "developer",
    });
  });

  it.each([
    // Its user is a member of both, but the other project doesn't let jobs in.
    ["web/inner/deep", []],
    ["open/public", ["open/public:pull"]],
    ["open/internal", ["open/internal:pull"]],
    ["open/members-only", []],
    ["open/off", []],
    ["closed/lone", []],
  ])("in %s is granted %j", async (path, granted) => {
    expect(listAccess(await ask(`${path}:${everything}`, startJob()))).toEqual(granted);
  });

  it("pulls from a project that lets its project's jobs in, if its user may", async () => {
    const allowlist = (path: string) =>
      `/projects/${encodeURIComponent(path)}/job_token_scope/allowlist`;
    const { id } = world.state.namespaces.findProject(site)!;
    const job = startJob();
    for (const path of ["web/inner/deep", "closed/lone"]) {
      expect(
        await world.api(allowlist(path), {
          method: "POST",
          as: "admin",
          json: { target_project_id: id },
        }),
      ).toMatchObject({ status: 201, body: { target_project_id: id } });
    }

    expect(listAccess(await ask(`web/inner/deep:${everything}`, job))).toEqual([
      "web/inner/deep:pull",
    ]);
    expect(listAccess(await ask(`closed/lone:${everything}`, job))).toEqual([]);

    const deep = allowlist("web/inner/deep");
    expect((await world.api(deep, { as: "maintainer" })).body).toMatchObject([
      { path_with_namespace: "web/inner/deep" },
      { path_with_namespace: site },
    ]);
    expect(await world.api(`${deep}/${id}`, { method: "DELETE", as: "maintainer" })).toMatchObject({
      status: 204,
    });
    expect(listAccess(await ask(`web/inner/deep:${everything}`, job))).toEqual([]);
  });

  it("dies with its job, and needs its own user name", async () => {
    const job = startJob();
    expect(await world.jwtAuth("", `developer:${job.value}`)).toMatchObject({ status: 401 });
    expect(await ask(`${site}:pull`, job)).toMatchObject({ status: 200 });

    world.state.jobs.end(job, "success");

    expect(await ask(`${site}:pull`, job)).toMatchObject({
      status: 401,
      body: { errors: [{ code: "UNAUTHORIZED" }] },
    });
  });

  it("leaves its user name to other tokens", async () => {
    const answer = await world.jwtAuth(
      `&scope=repository:${site}:pull`,
      `gitlab-ci-token:${tokenOf("reporter")}`,
    );

    expect(listAccess(answer)).toEqual([`${site}:pull`]);
  });
});

describe("the list of projects whose jobs are let in", () => {
  const url = "/projects/web%2Fgatsby-site/job_token_scope";

  it("is for maintainers", async () => {
    const statuses = callers.map(async (as) => (await world.api(url, { as })).status);

    expect(await Promise.all(statuses)).toEqual([401, 404, 403, 403, 403, 200, 200, 200]);
  });

  it("has a project once, and only one that the caller may see", async () => {
    const add = (path: string) =>
      world.api(`${url}/allowlist`, {
        method: "POST",
        as: "maintainer",
        json: { target_project_id: world.state.namespaces.findProject(path)!.id },
      });

    expect(await add("closed/lone")).toMatchObject({ status: 404 });
    expect(await add("open/public")).toMatchObject({ status: 201 });
    expect(await add("open/public")).toMatchObject({ status: 422 });
  });
});
