import { callers, tokenOf, World, type Answer } from "../support/world";

let world: World;
beforeEach(async () => {
  world = new World();
  await world.start();
});
afterEach(() => world.stop());

const site = "/projects/web%2Fgatsby-site";

function put(
  json: object,
  as: (typeof callers)[number] = "maintainer",
  path = site,
): Promise<Answer> {
  return world.api(path, { method: "PUT", as, json });
}

async function readPolicy(): Promise<unknown> {
  const { body } = await world.api(site, { as: "developer" });
  return (body as { container_expiration_policy: unknown }).container_expiration_policy;
}

describe("PUT /projects/:id", () => {
  it("changes what it is given, and nothing else", async () => {
    const before = (await world.api(site, { as: "owner" })).body as object;

    const answer = await put(
      {
        name: "Site",
        description: "It ships.",
        default_branch: "trunk",
        container_registry_access_level: "private",
      },
      "owner",
    );

    const after = {
      ...before,
      name: "Site",
      name_with_namespace: "Web / Site",
      description: "It ships.",
      default_branch: "trunk",
      container_registry_access_level: "private",
    };
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.body).toEqual(after);
    await world.restart();
    expect((await world.api(site, { as: "owner" })).body).toEqual(after);
  });

  it.each([
    [false, "disabled"],
    [true, "enabled"],
  ])("still knows container_registry_enabled: %s", async (enabled, level) => {
    expect((await put({ container_registry_enabled: enabled })).body).toMatchObject({
      container_registry_enabled: enabled,
      container_registry_access_level: level,
    });
  });

  it("opens and closes the registry at once", async () => {
    const pull = "&scope=repository:web/gatsby-site:pull";
    const ask = async (): Promise<number> => {
      const answer = await world.jwtAuth(pull, `x:${tokenOf("reporter")}`);
      const [, claims = ""] = (answer.body as { token: string }).token.split(".");
      const { access } = JSON.parse(Buffer.from(claims, "base64url").toString()) as {
        access: unknown[];
      };
      return access.length;
    };

    expect(await ask()).toBe(1);
    await put({ container_registry_access_level: "disabled" });
    expect(await ask()).toBe(0);
  });

  it("keeps visibility for owners, and within the group's", async () => {
    const open = "/projects/open%2Fpublic";
    expect(await put({ visibility: "private" }, "maintainer", open)).toMatchObject({ status: 403 });
    expect(await put({ visibility: "public" }, "maintainer", open)).toMatchObject({ status: 200 });
    expect(await put({ visibility: "private" }, "owner", open)).toMatchObject({
      status: 200,
      body: { visibility: "private" },
    });
    expect(await world.api(open)).toMatchObject({ status: 404 });
    expect(await put({ visibility: "public" }, "owner")).toMatchObject({
      status: 400,
      body: { message: { visibility_level: ["public is not allowed in a private group."] } },
    });
  });

  it.each([
    [{}, "are missing, at least one parameter must be provided"],
    [{ visibility: "hidden" }, "visibility does not have a valid value"],
    [
      { container_registry_access_level: "on" },
      "container_registry_access_level does not have a valid value",
    ],
    [
      { container_expiration_policy_attributes: "1d" },
      "container_expiration_policy_attributes is invalid",
    ],
    [
      { container_expiration_policy_attributes: [] },
      "container_expiration_policy_attributes is invalid",
    ],
  ])("refuses %j", async (json, error) => {
    expect(await put(json)).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining(error) as string },
    });
  });

  it.each([
    ["web%2Fgatsby-site", [401, 404, 403, 403, 403, 200, 200, 200]],
    ["open%2Fpublic", [401, 403, 403, 403, 403, 200, 200, 200]],
    ["no%2Fsuch", [401, 404, 404, 404, 404, 404, 404, 404]],
  ])("in %s is for maintainers: %j", async (path, statuses) => {
    const answers = callers.map((as) => put({ description: as }, as, `/projects/${path}`));

    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(statuses);
  });

  it("is not for a token that only reads, nor for a job's", async () => {
    const json = { description: "x" };
    expect(
      await world.api(site, { method: "PUT", token: tokenOf("owner", "read_api"), json }),
    ).toMatchObject({ status: 403 });
    expect(
      await world.api(site, { method: "PUT", headers: { "job-token": "glcbt-x" }, json }),
    ).toMatchObject({ status: 401 });
  });
});

describe("the cleanup policy", () => {
  const attributes = {
    enabled: true,
    cadence: "7d",
    keep_n: 5,
    older_than: "14d",
    name_regex: "old-.*",
    name_regex_delete: "dev-.*",
    name_regex_keep: "v.*",
  };

  it("is stored as it is given, both names of the expression included", async () => {
    expect(await put({ container_expiration_policy_attributes: attributes })).toMatchObject({
      status: 200,
    });

    expect(await readPolicy()).toEqual({ ...attributes, next_run_at: "2027-01-08T12:00:00.000Z" });
  });

  it("keeps what a request doesn't name, empties what is null, and counts its cadence again", async () => {
    await put({ container_expiration_policy_attributes: attributes });
    world.now = new Date("2027-01-03T00:00:00.000Z");

    await put({ container_expiration_policy_attributes: { keep_n: null, name_regex_keep: null } });

    expect(await readPolicy()).toEqual({
      ...attributes,
      keep_n: null,
      name_regex_keep: null,
      next_run_at: "2027-01-10T00:00:00.000Z",
    });
    await put({ description: "not the policy" });
    expect(await readPolicy()).toMatchObject({ next_run_at: "2027-01-10T00:00:00.000Z" });
  });

  it.each([
    ["1d", "2027-01-02"],
    ["14d", "2027-01-15"],
    ["1month", "2027-01-31"],
    ["3month", "2027-04-01"],
  ])("with the cadence %s runs on %s", async (cadence, day) => {
    await put({ container_expiration_policy_attributes: { cadence } });

    expect(await readPolicy()).toMatchObject({ next_run_at: `${day}T12:00:00.000Z` });
  });

  it.each([
    [{ cadence: "2d" }, { cadence: ["is not included in the list"] }],
    [{ cadence: null }, { cadence: ["can't be blank", "is not included in the list"] }],
    [{ keep_n: 2 }, { keep_n: ["is not included in the list"] }],
    [{ older_than: "1d" }, { older_than: ["is not included in the list"] }],
    [{ enabled: true, name_regex: "[" }, { name_regex: ["not valid RE2 syntax: missing ]: ["] }],
    [
      { enabled: true, name_regex_delete: "(?!a)", name_regex_keep: "a)" },
      {
        name_regex_delete: ["not valid RE2 syntax: invalid perl operator: (?!"],
        name_regex_keep: ["not valid RE2 syntax: unexpected ): a)"],
      },
    ],
    [
      { name_regex_keep: "x".repeat(256) },
      { name_regex_keep: ["is too long (maximum is 255 characters)"] },
    ],
  ])("refuses %j", async (wrong, problems) => {
    const before = await readPolicy();

    const answer = await put({ container_expiration_policy_attributes: wrong });

    expect(answer).toMatchObject({ status: 400 });
    expect(answer.body).toEqual({
      message: Object.fromEntries(
        Object.entries(problems).map(([field, list]) => [
          `container_expiration_policy.${field}`,
          list,
        ]),
      ),
    });
    expect(await readPolicy()).toEqual(before);
  });

  it("takes any expression while it is off, and 255 characters", async () => {
    const json = { enabled: false, name_regex: "[", name_regex_keep: "x".repeat(255) };

    expect(await put({ container_expiration_policy_attributes: json })).toMatchObject({
      status: 200,
    });
  });

  it("refuses a number that is none", async () => {
    expect(await put({ container_expiration_policy_attributes: { keep_n: "many" } })).toMatchObject(
      {
        status: 400,
        body: { error: "container_expiration_policy_attributes[keep_n] is invalid" },
      },
    );
  });
});

describe("GET /projects", () => {
  const list = async (query: string, as: (typeof callers)[number]): Promise<string[]> => {
    const { body } = await world.api(`/projects?${query}`, { as });
    return (body as { path_with_namespace: string }[]).map((one) => one.path_with_namespace);
  };

  it("lists what one may see, the newest first", async () => {
    expect(await list("", "nobody")).toEqual(["open/off", "open/members-only", "open/public"]);
    expect(await list("", "stranger")).toEqual([
      "open/off",
      "open/members-only",
      "open/internal",
      "open/public",
    ]);
    expect(await list("", "admin")).toHaveLength(7);
  });

  it.each([
    ["search=SITE", "developer", ["web/gatsby-site"]],
    ["search=web", "developer", []],
    [
      "membership=true",
      "reporter",
      [
        "closed/lone",
        "open/off",
        "open/members-only",
        "open/internal",
        "open/public",
        "web/inner/deep",
        "web/gatsby-site",
      ],
    ],
    ["membership=true", "stranger", []],
    ["visibility=internal", "stranger", ["open/internal"]],
    ["order_by=path&sort=asc&search=p", "nobody", ["open/public"]],
    ["order_by=name&sort=asc", "nobody", ["open/members-only", "open/off", "open/public"]],
    ["order_by=id&sort=asc&per_page=1&page=2", "nobody", ["open/members-only"]],
  ] as const)("%s as %s: %j", async (query, as, paths) => {
    expect(await list(query, as)).toEqual(paths);
  });
});
