import { World, type DeployTokenBody } from "../support/world";

const world = new World();
beforeAll(() => world.start());
afterAll(() => world.stop());

describe("pagination", () => {
  const path = "/projects/open%2Finternal/deploy_tokens";
  const relations = (link: unknown): Record<string, string> =>
    Object.fromEntries(
      String(link)
        .split(", ")
        .map((part) => /^<(.*)>; rel="(.*)"$/.exec(part)!)
        .map(([, address, relation]) => [relation, address.replace(`${world.url}/api/v4`, "")]),
    );

  beforeAll(async () => {
    for (let n = 1; n <= 21; n++) {
      await world.createDeployToken("projects/open%2Finternal", {
        name: `t${n}`,
        scopes: ["read_registry"],
      });
    }
  });

  it("gives twenty, and says where the rest is", async () => {
    const answer = await world.api(path, { as: "owner" });

    expect((answer.body as DeployTokenBody[]).map(({ name }) => name)).toEqual(
      Array.from({ length: 20 }, (_, index) => `t${index + 1}`),
    );
    expect(answer.headers).toMatchObject({
      "x-page": "1",
      "x-per-page": "20",
      "x-next-page": "2",
      "x-prev-page": "",
      "x-total": "21",
      "x-total-pages": "2",
    });
    expect(relations(answer.headers["link"])).toEqual({
      next: `${path}?id=open%2Finternal&page=2&per_page=20`,
      first: `${path}?id=open%2Finternal&page=1&per_page=20`,
      last: `${path}?id=open%2Finternal&page=2&per_page=20`,
    });
  });

  it("keeps the other parameters in its links", async () => {
    const answer = await world.api(`${path}?active=true&page=2&per_page=10`, { as: "owner" });

    expect(answer.body).toHaveLength(10);
    expect(answer.headers).toMatchObject({ "x-next-page": "3", "x-prev-page": "1" });
    expect(relations(answer.headers["link"])).toEqual({
      prev: `${path}?active=true&id=open%2Finternal&page=1&per_page=10`,
      next: `${path}?active=true&id=open%2Finternal&page=3&per_page=10`,
      first: `${path}?active=true&id=open%2Finternal&page=1&per_page=10`,
      last: `${path}?active=true&id=open%2Finternal&page=3&per_page=10`,
    });
  });

  it("gives a hundred at most, nothing beyond the end, and refuses words", async () => {
    expect((await world.api(`${path}?per_page=1000`, { as: "owner" })).headers["x-per-page"]).toBe(
      "100",
    );
    expect((await world.api(`${path}?page=9`, { as: "owner" })).body).toEqual([]);
    expect(await world.api(`${path}?page=one`, { as: "owner" })).toMatchObject({
      status: 400,
      body: { error: "page is invalid" },
    });
  });
});
