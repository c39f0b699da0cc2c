import { describeContract, findRefusal } from "./workplace";

describeContract("deploy tokens", (open) => {
  const made: number[] = [];
  afterAll(async () => {
    const { client, project } = open();
    for (const id of made) await client.DeployTokens.remove(id, { projectId: project });
  });

  async function create(name: string, options: { expires_at?: string; username?: string } = {}) {
    const { client, project } = open();
    const token = await client.DeployTokens.create(name, ["read_registry"], {
      projectId: project,
      ...options,
    });
    made.push(token.id);
    return token;
  }

  it("are given once, and told of without their value", async () => {
    const { client, project } = open();
    const created = await create("contract", { expires_at: "2099-03-01" });

    expect(created).toMatchObject({
      name: "contract",
      username: `gitlab+deploy-token-${created.id}`,
      expires_at: "2099-03-01T00:00:00.000Z",
      scopes: ["read_registry"],
      revoked: false,
      expired: false,
    });
    expect(created.token).toMatch(/./);
    const shown = await client.DeployTokens.show(created.id, { projectId: project });
    expect(shown).toMatchObject({ id: created.id });
    expect(shown).not.toHaveProperty("token");
  });

  it("are removed for good", async () => {
    const { client, project } = open();
    const { id } = await create("contract-gone");
    await client.DeployTokens.remove(made.pop()!, { projectId: project });

    expect(await findRefusal(client.DeployTokens.show(id, { projectId: project }))).toEqual({
      status: 404,
      description: "404 Not found",
    });
  });

  it("are refused with a scope that there isn't", async () => {
    const { client, project } = open();
    const creation = client.DeployTokens.create("contract", ["everything" as "read_registry"], {
      projectId: project,
    });

    expect(await findRefusal(creation)).toEqual({
      status: 400,
      description: "scopes does not have a valid value",
    });
  });

  it("are listed page by page", async () => {
    const { client, project } = open();
    const ids = [];
    for (const name of ["page-1", "page-2", "page-3"]) ids.push((await create(name)).id);

    const all = await client.DeployTokens.all({ projectId: project, perPage: 2 });
    const page = await client.DeployTokens.all({
      projectId: project,
      perPage: 1,
      page: 2,
      maxPages: 1,
      showExpanded: true,
    });

    expect(all.map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
    expect(page.data).toHaveLength(1);
    expect(page.paginationInfo).toMatchObject({ current: 2, previous: 1, next: 3, perPage: 1 });
    expect(page.paginationInfo.total).toBe(all.length);
  });
});
