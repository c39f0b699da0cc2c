import { ensureRepository, pushImage } from "../registry/support/push";
import { RealRegistry } from "../registry/support/realRegistry";
import { callers, tokenOf } from "../support/world";

const registry = new RealRegistry();
const { world } = registry;
const site = "web/gatsby-site";
const project = "/projects/web%2Fgatsby-site/registry/repositories";
let root: number;
let base: number;

beforeAll(async () => {
  await registry.start({ tls: true });
  root = await ensureRepository(world, site);
  base = await ensureRepository(world, `${site}/base`);
  await ensureRepository(world, "open/public");
  await pushImage(world.state.images, site, "v1", { layers: ["shared", "one"] });
  await pushImage(world.state.images, site, "v2", { layers: ["shared", "second"] });
}, 60_000);
afterAll(() => registry.stop());

describe("the repositories of a project", () => {
  it("are those that somebody was allowed to push to, with or without what is in them", async () => {
    const { id } = world.state.namespaces.findProject(site)!;
    const shared = {
      project_id: id,
      created_at: world.now.toISOString(),
      cleanup_policy_started_at: null,
      status: null,
    };

    expect(await world.api(project, { as: "reporter" })).toMatchObject({
      status: 200,
      headers: { "x-total": "2" },
    });
    expect((await world.api(project, { as: "reporter" })).body).toEqual([
      { ...shared, id: root, name: "", path: site, location: `${registry.host}/${site}` },
      {
        ...shared,
        id: base,
        name: "base",
        path: `${site}/base`,
        location: `${registry.host}/${site}/base`,
      },
    ]);
    const { body } = await world.api(`${project}?tags=true&tags_count=1`, { as: "reporter" });
    expect(body).toMatchObject([
      {
        tags_count: 2,
        tags: [
          { name: "v1", path: `${site}:v1`, location: `${registry.host}/${site}:v1` },
          { name: "v2", path: `${site}:v2`, location: `${registry.host}/${site}:v2` },
        ],
      },
      { tags_count: 0, tags: [] },
    ]);
  });

  it("don't come to be by pulling, nor by a push that isn't allowed", async () => {
    const ask = (scope: string, user: string) =>
      world.jwtAuth(`&scope=${scope}`, `x:${tokenOf(user)}`);
    await ask("repository:web/inner/deep:pull", "developer");
    await ask("repository:web/inner/deep:push", "reporter");

    const deep = "/projects/web%2Finner%2Fdeep/registry/repositories";
    expect(await world.api(deep, { as: "owner" })).toMatchObject({ status: 200, body: [] });
  });

  // nobody, stranger, guest, reporter, developer, maintainer, owner, admin
  it.each([
    ["web%2Fgatsby-site", [404, 404, 403, 200, 200, 200, 200, 200]],
    ["open%2Fpublic", [200, 200, 200, 200, 200, 200, 200, 200]],
    ["open%2Finternal", [404, 200, 200, 200, 200, 200, 200, 200]],
    ["open%2Fmembers-only", [403, 403, 403, 200, 200, 200, 200, 200]],
    ["open%2Foff", [403, 403, 403, 403, 403, 403, 403, 403]],
    ["no%2Fsuch", [404, 404, 404, 404, 404, 404, 404, 404]],
  ])("of %s are for whom they may be: %j", async (path, statuses) => {
    const answers = callers.map((as) =>
      world.api(`/projects/${path}/registry/repositories`, { as }),
    );

    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(statuses);
  });

  it("are open to a job of the project, with what its user may see", async () => {
    const user = world.state.users.findByUsername("developer")!;
    const create = (path: string) =>
      world.state.jobs.create({
        pipelineId: 1,
        project: world.state.namespaces.findProject(path)!,
        user,
        name: "deploy",
        stage: "deploy",
      });
    const ask = (token: string) => world.api(project, { headers: { "job-token": token } });

    expect(await ask(create(site).value)).toMatchObject({ status: 200 });
    const deep = create("web/inner/deep");
    const refusal = {
      status: 403,
      body: {
        message:
          "403 Forbidden - This project's CI/CD job token cannot be used to authenticate with the container registry of a different project.",
      },
    };
    expect(await ask(deep.value)).toMatchObject(refusal);
    // Not even where other things are open to it.
    const [own, other] = [site, "web/inner/deep"].map((path) =>
      world.state.namespaces.findProject(path),
    );
    world.state.jobTokenAllowlist.add(own!, other!);
    expect(await ask(deep.value)).toMatchObject(refusal);
    world.state.jobTokenAllowlist.delete(own!, other!.id);
  });
});

describe("the repositories of a group", () => {
  it("are those of all projects below it", async () => {
    const { body } = await world.api("/groups/web/registry/repositories?tags_count=true", {
      as: "reporter",
    });

    expect(body).toMatchObject([
      { path: site, tags_count: 2 },
      { path: `${site}/base`, tags_count: 0 },
    ]);
  });

  it("are for its reporters", async () => {
    const answers = callers.map((as) => world.api("/groups/web/registry/repositories", { as }));

    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([
      404, 404, 403, 200, 200, 200, 200, 200,
    ]);
  });
});

describe("GET /registry/repositories/:id", () => {
  it("tells the size, each layer counted once, and where it can be deleted", async () => {
    const answer = await world.api(`/registry/repositories/${root}?size=true&tags_count=true`, {
      as: "maintainer",
    });

    const { id } = world.state.namespaces.findProject(site)!;
    expect(answer.body).toMatchObject({
      id: root,
      tags_count: 2,
      size: "sharedonesecond".length,
      delete_api_path: `${world.url}/api/v4/projects/${id}/registry/repositories/${root}`,
    });
    const asReporter = await world.api(`/registry/repositories/${root}`, { as: "reporter" });
    expect(asReporter.body).not.toHaveProperty("delete_api_path");
    expect(asReporter.body).not.toHaveProperty("size");
  });

  it("is for who is signed in and may see it", async () => {
    const answers = callers.map((as) => world.api(`/registry/repositories/${root}`, { as }));

    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([
      401, 403, 403, 200, 200, 200, 200, 200,
    ]);
    expect(await world.api("/registry/repositories/999999", { as: "owner" })).toMatchObject({
      status: 404,
      body: { message: "404 Not found" },
    });
  });
});

describe("DELETE of a repository", () => {
  it("removes it in the background, with all that is in it", async () => {
    const path = `${site}/doomed`;
    const id = await ensureRepository(world, path);
    await pushImage(world.state.images, path, "v1");

    const answer = await world.api(`${project}/${id}`, { method: "DELETE", as: "maintainer" });
    expect(answer).toMatchObject({ status: 202 });
    await world.state.background.idle();

    expect(await world.api(`/registry/repositories/${id}`, { as: "owner" })).toMatchObject({
      status: 404,
    });
    expect(await world.state.images.listTags(path)).toEqual([]);
  });

  it("keeps saying so while the registry doesn't answer, and goes on after a restart", async () => {
    const other = new RealRegistry();
    await other.start();
    const id = await ensureRepository(other.world, site);
    await other.end();

    await other.world.api(`${project}/${id}`, { method: "DELETE", as: "maintainer" });
    await other.world.state.background.idle();
    const { body } = await other.world.api(`/registry/repositories/${id}`, { as: "owner" });
    expect(body).toMatchObject({ status: "delete_scheduled" });

    await other.world.restart({ registryUrl: `https://${registry.host}` });
    await other.world.state.background.idle();
    expect(await other.world.api(`/registry/repositories/${id}`, { as: "owner" })).toMatchObject({
      status: 200,
      body: { status: "delete_scheduled" },
    });
    await other.stop();
  }, 60_000);

  it("is for maintainers", async () => {
    const statuses: number[] = [];
    for (const as of callers) {
      const id = await ensureRepository(world, `${site}/for-${as}`);
      statuses.push((await world.api(`${project}/${id}`, { method: "DELETE", as })).status);
    }

    expect(statuses).toEqual([404, 404, 403, 403, 403, 202, 202, 202]);
  });
});
