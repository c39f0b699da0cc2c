import { callers, World, type Answer } from "../support/world";

let world: World;
beforeEach(async () => {
  world = new World();
  await world.start();
});
afterEach(() => world.stop());

const project = "/projects/web%2Fgatsby-site";
const repositories = `${project}/registry/protection/repository/rules`;
const tags = `${project}/registry/protection/tag/rules`;

function send(
  method: "POST" | "PATCH" | "DELETE",
  path: string,
  json?: object,
  as: (typeof callers)[number] = "maintainer",
): Promise<Answer> {
  return world.api(path, { method, as, json });
}

const repositoryRule = {
  repository_path_pattern: "web/gatsby-site/prod-*",
  minimum_access_level_for_push: "owner",
};
const tagRule = {
  tag_name_pattern: "^v\\d+$",
  minimum_access_level_for_push: "maintainer",
  minimum_access_level_for_delete: "admin",
};

describe("rules for repositories", () => {
  it("are made, listed, changed and removed", async () => {
    const created = await send("POST", repositories, repositoryRule);
    const { id } = created.body as { id: number };
    const whole = {
      id,
      project_id: world.state.namespaces.findProject("web/gatsby-site")!.id,
      ...repositoryRule,
      minimum_access_level_for_delete: null,
    };
    expect(created).toMatchObject({ status: 201 });
    expect(created.body).toEqual(whole);
    expect((await world.api(repositories, { as: "maintainer" })).body).toEqual([whole]);

    const changed = await send("PATCH", `${repositories}/${id}`, {
      minimum_access_level_for_push: "",
      minimum_access_level_for_delete: "admin",
    });
    expect(changed).toMatchObject({
      status: 200,
      body: {
        repository_path_pattern: "web/gatsby-site/prod-*",
        minimum_access_level_for_push: null,
        minimum_access_level_for_delete: "admin",
      },
    });

    expect(await send("DELETE", `${repositories}/${id}`)).toMatchObject({ status: 204, text: "" });
    expect((await world.api(repositories, { as: "maintainer" })).body).toEqual([]);
    for (const method of ["PATCH", "DELETE"] as const) {
      expect(await send(method, `${repositories}/${id}`, {})).toMatchObject({
        status: 404,
        body: { message: "404 Not found" },
      });
    }
  });

  it.each([
    [{ minimum_access_level_for_push: "owner" }, "repository_path_pattern is missing"],
    [
      { repository_path_pattern: "web/gatsby-site" },
      "minimum_access_level_for_push, minimum_access_level_for_delete are missing, at least one parameter must be provided",
    ],
    [
      { ...repositoryRule, minimum_access_level_for_push: "developer" },
      "minimum_access_level_for_push does not have a valid value",
    ],
    [
      { ...repositoryRule, minimum_access_level_for_push: "toString" },
      "minimum_access_level_for_push does not have a valid value",
    ],
  ])("with %j are refused", async (json, error) => {
    expect(await send("POST", repositories, json)).toMatchObject({ status: 400, body: { error } });
  });

  it.each([
    [
      { repository_path_pattern: "web/other" },
      "Repository path pattern should start with the project's full path",
    ],
    [
      { repository_path_pattern: "web/gatsby-site/ä" },
      "Repository path pattern should be a valid container repository path with optional wildcard characters.",
    ],
    [
      { repository_path_pattern: `web/gatsby-site/${"x".repeat(255)}` },
      "Repository path pattern is too long (maximum is 255 characters)",
    ],
    [{}, "Repository path pattern has already been taken"],
  ])("can't be %j", async (change, error) => {
    await send("POST", repositories, repositoryRule);

    expect(await send("POST", repositories, { ...repositoryRule, ...change })).toMatchObject({
      status: 422,
      body: { message: { error } },
    });
  });

  it("need a role for something", async () => {
    const { id } = (await send("POST", repositories, repositoryRule)).body as { id: number };

    expect(
      await send("PATCH", `${repositories}/${id}`, { minimum_access_level_for_push: "" }),
    ).toMatchObject({
      status: 422,
      body: {
        message: { error: "A rule must have at least a minimum access role for push or delete." },
      },
    });
  });

  it("keep who has less from deleting a repository", async () => {
    const path = "web/gatsby-site/prod-1";
    world.state.containerRepositories.ensure(
      world.state.namespaces.findProject("web/gatsby-site")!,
      "prod-1",
    );
    const [repository] = world.state.containerRepositories.list({
      id: world.state.namespaces.findProject("web/gatsby-site")!.id,
    });
    await send("POST", repositories, {
      repository_path_pattern: path,
      minimum_access_level_for_delete: "owner",
    });
    const url = `${project}/registry/repositories/${repository.id}`;

    expect(await send("DELETE", url)).toMatchObject({
      status: 403,
      body: { message: "403 Forbidden - Deleting protected container repository forbidden." },
    });
    expect(await send("DELETE", url, undefined, "owner")).toMatchObject({ status: 202 });
  });
});

describe("rules for tags", () => {
  it("are made, listed, changed and removed", async () => {
    const created = await send("POST", tags, tagRule);
    const { id } = created.body as { id: number };
    const whole = {
      id,
      project_id: world.state.namespaces.findProject("web/gatsby-site")!.id,
      ...tagRule,
    };
    expect(created).toMatchObject({ status: 201 });
    expect((await world.api(tags, { as: "maintainer" })).body).toEqual([whole]);
    expect(
      (await send("PATCH", `${tags}/${id}`, { minimum_access_level_for_delete: "owner" })).body,
    ).toEqual({ ...whole, minimum_access_level_for_delete: "owner" });
    expect(await send("DELETE", `${tags}/${id}`)).toMatchObject({ status: 204 });
    expect((await world.api(tags, { as: "maintainer" })).body).toEqual([]);
  });

  it("are five at most", async () => {
    for (let index = 0; index < 5; index++) {
      const answer = await send("POST", tags, { ...tagRule, tag_name_pattern: `v${index}` });
      expect(answer).toMatchObject({ status: 201 });
    }

    expect(await send("POST", tags, tagRule)).toMatchObject({
      status: 422,
      body: { message: "Maximum number of protection rules have been reached." },
    });
  });

  it.each([
    [{ tag_name_pattern: "[" }, "Tag name pattern not valid RE2 syntax: missing ]: ["],
    [
      { tag_name_pattern: "x".repeat(101) },
      "Tag name pattern is too long (maximum is 100 characters)",
    ],
    [{}, "Tag name pattern has already been taken"],
  ])("can't be %j", async (change, problem) => {
    await send("POST", tags, tagRule);

    expect(await send("POST", tags, { ...tagRule, ...change })).toMatchObject({
      status: 422,
      body: { message: [problem] },
    });
  });

  it("need both roles", async () => {
    const { id } = (await send("POST", tags, tagRule)).body as { id: number };

    expect(
      await send("POST", tags, { ...tagRule, minimum_access_level_for_push: undefined }),
    ).toMatchObject({ status: 400, body: { error: "minimum_access_level_for_push is missing" } });
    expect(
      await send("PATCH", `${tags}/${id}`, { minimum_access_level_for_push: "" }),
    ).toMatchObject({
      status: 422,
      body: { message: { error: ["Access levels should both be present"] } },
    });
  });
});

// nobody, stranger, guest, reporter, developer, maintainer, owner, admin
it.each([repositories, tags])("%s is for maintainers", async (path) => {
  const answers = callers.map((as) => world.api(path, { as }));

  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([
    401, 404, 403, 403, 403, 200, 200, 200,
  ]);
});
