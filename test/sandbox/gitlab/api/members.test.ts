import { statusesFor } from "../support/everyCaller";
import { members, World, type Answer, type CallerName } from "../support/world";

const world = new World();
beforeAll(() => world.start());
afterAll(() => world.stop());

const noon = world.now;
afterEach(() => {
  world.now = noon;
});

const site = "/projects/web%2Fgatsby-site/members";
const group = "/groups/web/members";
const deep = "/projects/web%2Finner%2Fdeep/members";

interface Body {
  readonly username: string;
  readonly access_level: number;
}

async function idOf(username: CallerName): Promise<number> {
  const { body } = await world.api(`/users?username=${username}`, { as: "admin" });
  return (body as { id: number }[])[0].id;
}

const add = (path: string, json: object, as: CallerName = "admin"): Promise<Answer> =>
  world.api(path, { method: "POST", as, json });

const remove = async (path: string, username: CallerName, as: CallerName = "admin") =>
  world.api(`${path}/${await idOf(username)}`, { method: "DELETE", as });

describe("members", () => {
  // nobody, stranger, guest, reporter, developer, maintainer, owner, admin
  it.each<[string, string, number[]]>([
    ["list", site, [401, 404, 200, 200, 200, 200, 200, 200]],
    ["list all", site, [401, 404, 200, 200, 200, 200, 200, 200]],
    ["list", "/projects/open%2Fpublic/members", [401, 200, 200, 200, 200, 200, 200, 200]],
    ["add", site, [401, 404, 403, 403, 403, 201, 201, 201]],
    ["update", site, [401, 404, 403, 403, 403, 200, 200, 200]],
    ["delete", site, [401, 404, 403, 403, 403, 204, 204, 204]],
    ["list", group, [401, 404, 200, 200, 200, 200, 200, 200]],
    ["add", group, [401, 404, 403, 403, 403, 403, 201, 201]],
    ["delete", group, [401, 404, 403, 403, 403, 403, 204, 204]],
  ])("%s at %s: %j", async (endpoint, path, statuses) => {
    const user_id = await idOf("admin");
    const found = await statusesFor(async (as) => {
      if (endpoint === "list") return world.api(path, { as });
      if (endpoint === "list all") return world.api(`${path}/all`, { as });
      await remove(path, "admin");
      if (endpoint === "add") return add(path, { user_id, access_level: 10 }, as);
      await add(path, { user_id, access_level: 10 });
      const one = `${path}/${user_id}`;
      if (endpoint === "delete") return world.api(one, { method: "DELETE", as });
      return world.api(one, { method: "PUT", as, json: { access_level: 20 } });
    });
    await remove(path, "admin");

    expect(found).toEqual(statuses);
  });

  it("are those of the project itself, or all that groups above give, too", async () => {
    await add(deep, { user_id: await idOf("stranger"), access_level: 30 });
    await add(deep, { user_id: await idOf("guest"), access_level: 40 });
    const levels = async (path: string): Promise<unknown[]> =>
      ((await world.api(path, { as: "owner" })).body as Body[]).map((one) => [
        one.username,
        one.access_level,
      ]);

    expect(await levels(deep)).toEqual([
      ["guest", 40],
      ["stranger", 30],
    ]);
    expect(await levels(`${deep}/all`)).toEqual([
      ["guest", 40],
      ["reporter", 20],
      ["developer", 30],
      ["maintainer", 40],
      ["owner", 50],
      ["stranger", 30],
    ]);
    expect(await levels(`${deep}/all?query=MAIN`)).toEqual([["maintainer", 40]]);
    expect(await world.api(`${deep}/all?per_page=2`, { as: "owner" })).toMatchObject({
      headers: { "x-total": "6", "x-next-page": "2" },
    });
    expect(await levels("/groups/web%2Finner/members")).toEqual([]);
    expect(await levels("/groups/web%2Finner/members/all")).toHaveLength(members.length);
    const one = await idOf("reporter");
    expect(await world.api(`${deep}/${one}`, { as: "owner" })).toMatchObject({
      status: 404,
      body: { message: "404 Not found" },
    });
    expect(await world.api(`${deep}/all/${one}`, { as: "owner" })).toMatchObject({
      status: 200,
      body: { username: "reporter", access_level: 20 },
    });
  });

  it("are added with a role, which is theirs at once and until a day", async () => {
    const path = "/projects/closed%2Flone";
    const user_id = await idOf("stranger");
    const answer = await add(
      `${path}/members`,
      { username: "stranger", access_level: 30, expires_at: "2027-01-03" },
      "reporter",
    );

    expect(answer).toMatchObject({ status: 201 });
    expect(answer.body).toEqual({
      id: user_id,
      username: "stranger",
      public_email: null,
      name: "The stranger",
      state: "active",
      locked: false,
      avatar_url: null,
      web_url: `${world.url}/stranger`,
      access_level: 30,
      created_at: world.now.toISOString(),
      expires_at: "2027-01-03",
      membership_state: "active",
    });
    const see = async (): Promise<number> => (await world.api(path, { as: "stranger" })).status;
    expect(await see()).toBe(200);
    await world.restart();
    expect(await see()).toBe(200);
    world.now = new Date("2027-01-03T00:00:00.000Z");
    expect(await see()).toBe(404);
  });

  it.each<[object, number, unknown]>([
    [{}, 400, { error: "access_level is missing" }],
    [{ access_level: 33 }, 400, { error: "access_level does not have a valid value" }],
    [
      { access_level: 10 },
      400,
      { error: "user_id, username are missing, at least one parameter must be provided" },
    ],
    [{ access_level: 10, user_id: 999999 }, 404, { message: "404 User Not Found" }],
    [{ access_level: 50, username: "stranger" }, 403, { message: "403 Forbidden" }],
    [
      { access_level: 20, username: "developer" },
      400,
      {
        message: {
          access_level: [
            "should be greater than or equal to Developer inherited membership from group Web",
          ],
        },
      },
    ],
  ])("refuse %j", async (json, status, body) => {
    const answer = await add(site, json, "maintainer");

    expect({ status: answer.status, body: answer.body }).toEqual({ status, body });
  });

  it("are added once, leave when they like, and owners are left to owners", async () => {
    await add(site, { username: "stranger", access_level: 10 });
    expect(await add(site, { username: "stranger", access_level: 20 })).toMatchObject({
      status: 409,
      body: { message: "Member already exists" },
    });
    expect(await remove(site, "stranger", "stranger")).toMatchObject({ status: 204, text: "" });

    await add(site, { username: "stranger", access_level: 50 });
    expect(await remove(site, "stranger", "maintainer")).toMatchObject({ status: 403 });
    expect(await remove(site, "stranger", "owner")).toMatchObject({ status: 204 });
  });

  it("of a group always have an owner", async () => {
    expect(await remove(group, "owner", "admin")).toMatchObject({ status: 403 });
    expect(
      await world.api(`${group}/${await idOf("owner")}`, {
        method: "PUT",
        as: "admin",
        json: { access_level: 40 },
      }),
    ).toMatchObject({ status: 403 });
  });
});
