import { World } from "./support/world";

const world = new World();
beforeAll(async () => {
  await world.start();
  await world.control.moveProject("web/inner/deep", "open/risen");
});
afterAll(() => world.stop());

const old = "/projects/web%2Finner%2Fdeep";

async function idOf(path: string): Promise<number> {
  const answer = await world.api(`/projects/${encodeURIComponent(path)}`, { as: "admin" });
  return (answer.body as { id: number }).id;
}

describe("a moved project", () => {
  it("has its new path, and what came of the group that it is in", async () => {
    expect(await world.api("/projects/open%2Frisen", { as: "guest" })).toMatchObject({
      status: 200,
      body: { path_with_namespace: "open/risen", namespace: { full_path: "open" } },
    });
  });

  it.each([
    ["", ""],
    ["/deploy_tokens", "?active=true&per_page=5"],
  ])("is looked for at its id by who asks for %j of the old path", async (rest, query) => {
    const id = await idOf("open/risen");

    const answer = await world.api(`${old}${rest}${query}`, { as: "owner" });

    const location = `${world.url}/api/v4/projects/${id}${rest}${query}`;
    expect(answer).toMatchObject({
      status: 301,
      text: `This resource has been moved permanently to ${location}`,
      headers: { location },
    });
  });

  it("can't be changed by its old path", async () => {
    const answer = await world.api(`${old}/deploy_tokens`, {
      method: "POST",
      as: "owner",
      json: { name: "n", scopes: ["read_registry"] },
    });

    expect(answer).toMatchObject({
      status: 405,
      body: { message: "Non GET methods are not allowed for moved projects" },
    });
  });

  it("is hidden from who may not see it", async () => {
    expect(await world.api(old)).toMatchObject({
      status: 404,
      body: { message: "404 Project Not Found" },
    });
  });

  it("leads from all its old paths, over a restart", async () => {
    await world.control.moveProject("open/risen", "open/higher");
    await world.restart();

    for (const path of [old, "/projects/OPEN%2Frisen"]) {
      expect(await world.api(path, { as: "admin" })).toMatchObject({ status: 301 });
    }
    await world.control.moveProject("open/higher", "open/risen");
    expect(await world.api("/projects/open%2Frisen", { as: "admin" })).toMatchObject({
      status: 200,
    });
  });

  it("gives way to one that takes its old path", async () => {
    await world.control.moveProject("closed/lone", "web/inner/deep");

    expect(await world.api(old, { as: "admin" })).toMatchObject({
      status: 200,
      body: { path_with_namespace: "web/inner/deep" },
    });
  });

  it.each([
    ["none/such", "open/other", "There is no project none/such."],
    ["open/public", "none/other", "There is no group for none/other."],
    ["open/public", "open/internal", "There is a project open/internal already."],
  ])("isn't made of %s to %s", async (from, to, problem) => {
    await expect(world.control.moveProject(from, to)).rejects.toThrow(problem);
  });
});
