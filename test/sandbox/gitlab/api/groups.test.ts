import { callers, World, type CallerName } from "../support/world";

const world = new World();
beforeAll(() => world.start());
afterAll(() => world.stop());

describe("GET /groups/:id", () => {
  it("describes a subgroup", async () => {
    const web = (await world.api("/groups/web", { as: "guest" })).body as { id: number };
    const answer = await world.api("/groups/web%2Finner", { as: "guest" });
    const { id } = answer.body as { id: number };

    expect(answer.body).toEqual({
      id,
      web_url: `${world.url}/groups/web/inner`,
      name: "Inner",
      path: "inner",
      description: "",
      visibility: "private",
      full_name: "Web / Inner",
      full_path: "web/inner",
      created_at: world.now.toISOString(),
      parent_id: web.id,
    });
    expect((await world.api(`/groups/${id}`, { as: "guest" })).body).toEqual(answer.body);
  });

  // nobody, stranger, guest, reporter, developer, maintainer, owner, admin
  it.each([
    ["web", [404, 404, 200, 200, 200, 200, 200, 200]],
    ["open", [200, 200, 200, 200, 200, 200, 200, 200]],
    // The reporter is a member of a project in there.
    ["closed", [404, 404, 404, 200, 404, 404, 404, 200]],
    ["no-such", [404, 404, 404, 404, 404, 404, 404, 404]],
  ])("shows %s to whom it may: %j", async (id, statuses) => {
    const outcomes = callers.map(async (caller) => {
      const { status, body } = await world.api(`/groups/${id}`, { as: caller });
      return { caller, status, ...(status === 200 ? {} : { body }) };
    });

    expect(await Promise.all(outcomes)).toEqual(
      callers.map((caller, index) => ({
        caller,
        status: statuses[index],
        ...(statuses[index] === 200 ? {} : { body: { message: "404 Group Not Found" } }),
      })),
    );
  });
});

describe("what is in groups", () => {
  const paths = async (path: string, as?: CallerName): Promise<unknown[]> =>
    ((await world.api(path, { as })).body as Record<string, unknown>[]).map(
      (one) => one["full_path"] ?? one["path_with_namespace"],
    );

  it("lists the groups that one sees", async () => {
    expect(await paths("/groups")).toEqual(["open"]);
    expect(await paths("/groups", "guest")).toEqual(["web/inner", "open", "web"]);
    expect(await paths("/groups?order_by=path&sort=desc", "guest")).toEqual([
      "web/inner",
      "web",
      "open",
    ]);
    expect(await paths("/groups?search=INN", "guest")).toEqual(["web/inner"]);
    expect(await paths("/groups?top_level_only=true", "guest")).toEqual(["open", "web"]);
    expect(await paths("/groups/web/subgroups", "guest")).toEqual(["web/inner"]);
    expect(await world.api("/groups/web/subgroups", { as: "stranger" })).toMatchObject({
      status: 404,
    });
  });

  it("lists the projects that one sees", async () => {
    expect(await paths("/groups/web/projects", "guest")).toEqual(["web/gatsby-site"]);
    expect(await paths("/groups/web/projects?include_subgroups=true&sort=asc", "guest")).toEqual([
      "web/gatsby-site",
      "web/inner/deep",
    ]);
    expect(await paths("/groups/open/projects?order_by=path&sort=asc")).toEqual([
      "open/members-only",
      "open/off",
      "open/public",
    ]);
    expect(await paths("/groups/open/projects?search=pub")).toEqual(["open/public"]);
    expect(await world.api("/groups/open/projects?per_page=1")).toMatchObject({
      headers: { "x-total": "3", "x-next-page": "2" },
    });
  });
});
