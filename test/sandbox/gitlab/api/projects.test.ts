import { callers, World } from "../support/world";

const world = new World();
beforeAll(() => world.start());
afterAll(() => world.stop());

describe("GET /projects/:id", () => {
  it("describes a project to its members, by path and by id", async () => {
    const byPath = await world.api("/projects/web%2Fgatsby-site", { as: "developer" });
    const { id, namespace } = byPath.body as { id: number; namespace: { id: number } };

    expect(byPath.body).toEqual({
      id,
      description: null,
      name: "Gatsby site",
      name_with_namespace: "Web / Gatsby site",
      path: "gatsby-site",
      path_with_namespace: "web/gatsby-site",
      created_at: world.now.toISOString(),
      default_branch: "main",
      http_url_to_repo: `${world.url}/web/gatsby-site.git`,
      web_url: `${world.url}/web/gatsby-site`,
      namespace: {
        id: namespace.id,
        name: "Web",
        path: "web",
        kind: "group",
        full_path: "web",
        parent_id: null,
        web_url: `${world.url}/groups/web`,
      },
      visibility: "private",
      archived: false,
      container_expiration_policy: {
        cadence: "1d",
        enabled: false,
        keep_n: 10,
        older_than: "90d",
        name_regex: ".*",
        name_regex_delete: null,
        name_regex_keep: null,
        next_run_at: "2027-01-02T12:00:00.000Z",
      },
      container_registry_access_level: "enabled",
      container_registry_enabled: true,
      container_registry_image_prefix: "registry.test:5050/web/gatsby-site",
      permissions: {
        project_access: null,
        group_access: { access_level: 30, notification_level: 3 },
      },
    });
    expect((await world.api(`/projects/${id}`, { as: "developer" })).body).toEqual(byPath.body);
  });

  it("tells strangers less", async () => {
    const { body } = await world.api("/projects/open%2Fpublic");

    expect(body).toMatchObject({ path_with_namespace: "open/public" });
    expect(body).not.toHaveProperty("permissions");
    expect(body).not.toHaveProperty("container_registry_access_level");
  });

  it("takes the path in any case, and knows a subgroup's", async () => {
    const { body } = await world.api("/projects/Web%2FINNER%2Fdeep", { as: "guest" });

    expect(body).toMatchObject({
      path_with_namespace: "web/inner/deep",
      name_with_namespace: "Web / Inner / deep",
    });
  });

  // nobody, stranger, guest, reporter, developer, maintainer, owner, admin
  it.each([
    ["web%2Fgatsby-site", [404, 404, 200, 200, 200, 200, 200, 200]],
    ["open%2Fpublic", [200, 200, 200, 200, 200, 200, 200, 200]],
    ["open%2Finternal", [404, 200, 200, 200, 200, 200, 200, 200]],
    ["closed%2Flone", [404, 404, 404, 200, 404, 404, 404, 200]],
    ["no%2Fsuch", [404, 404, 404, 404, 404, 404, 404, 404]],
    ["web", [404, 404, 404, 404, 404, 404, 404, 404]],
    ["999999", [404, 404, 404, 404, 404, 404, 404, 404]],
    ["99999999999999999999999", [404, 404, 404, 404, 404, 404, 404, 404]],
  ])("shows %s to whom it may: %j", async (id, statuses) => {
    const outcomes = callers.map(async (caller) => {
      const { status, body } = await world.api(`/projects/${id}`, { as: caller });
      return { caller, status, ...(status === 200 ? {} : { body }) };
    });

    expect(await Promise.all(outcomes)).toEqual(
      callers.map((caller, index) => ({
        caller,
        status: statuses[index],
        ...(statuses[index] === 200 ? {} : { body: { message: "404 Project Not Found" } }),
      })),
    );
  });
});
