import { pushImage, pushIndex, ensureRepository } from "../registry/support/push";
import { RealRegistry } from "../registry/support/realRegistry";
import { callers, type Answer } from "../support/world";

const registry = new RealRegistry();
const { world } = registry;
beforeAll(() => registry.start(), 60_000);
afterAll(() => registry.stop());

const site = "web/gatsby-site";
const project = "/projects/web%2Fgatsby-site";

/** A repository of its own for each test. */
let count = 0;
async function createRepository(): Promise<{ path: string; url: string }> {
  const path = `${site}/r${++count}`;
  const id = await ensureRepository(world, path);
  return { path, url: `${project}/registry/repositories/${id}` };
}

async function listTags(url: string): Promise<string[]> {
  const { body } = await world.api(`${url}/tags?per_page=100`, { as: "reporter" });
  return (body as { name: string }[]).map(({ name }) => name);
}

function remove(url: string, as: (typeof callers)[number] = "maintainer"): Promise<Answer> {
  return world.api(url, { method: "DELETE", as });
}

describe("a tag", () => {
  it("is described by its image", async () => {
    const { path, url } = await createRepository();
    const { digest, configuration } = await pushImage(world.state.images, path, "v1", {
      created: "2026-05-06T07:08:09.123456789Z",
      layers: ["12345", "123"],
    });

    const revision = configuration.replace("sha256:", "");
    expect(await world.api(`${url}/tags/v1`, { as: "reporter" })).toMatchObject({
      status: 200,
      body: {
        name: "v1",
        path: `${path}:v1`,
        location: `${registry.host}/${path}:v1`,
        revision,
        short_revision: revision.slice(0, 9),
        digest,
        created_at: "2026-05-06T07:08:09.123+00:00",
        total_size: 8,
      },
    });
  });

  it("keeps the offset that its date has", async () => {
    const { path, url } = await createRepository();
    await pushImage(world.state.images, path, "v1", { created: "2026-05-06T07:08:09+02:00" });

    expect(await world.api(`${url}/tags/v1`, { as: "reporter" })).toMatchObject({
      body: { created_at: "2026-05-06T07:08:09.000+02:00" },
    });
  });

  it.each([undefined, "yesterday", "2026-05-06", ""])(
    "has no date when its image says %p",
    async (created) => {
      const { path, url } = await createRepository();
      await pushImage(world.state.images, path, "v1", { created });

      expect(await world.api(`${url}/tags/v1`, { as: "reporter" })).toMatchObject({
        body: { created_at: null },
      });
    },
  );

  it("of an index has a digest and a size, and neither revision nor date", async () => {
    const { path, url } = await createRepository();
    const { digest } = await pushIndex(world.state.images, path, "v1", {
      created: "1970-01-01T00:00:00Z",
      layers: ["1234567"],
    });

    expect(await world.api(`${url}/tags/v1`, { as: "reporter" })).toMatchObject({
      status: 200,
      body: { digest, revision: "", short_revision: "", created_at: null, total_size: 7 },
    });
  });

  it("that isn't there is not found, nor is its repository", async () => {
    const { url } = await createRepository();

    for (const method of ["GET", "DELETE"] as const) {
      expect(await world.api(`${url}/tags/none`, { method, as: "owner" })).toMatchObject({
        status: 404,
        body: { message: "404 Tag Not Found" },
      });
      const other = `${project}/registry/repositories/999999/tags/none`;
      expect(await world.api(other, { method, as: "owner" })).toMatchObject({
        status: 404,
        body: { message: "404 Not found" },
      });
    }
  });
});

describe("a list of tags", () => {
  let url: string;
  const names = ["a", "b", "c", "d", "e"];
  beforeAll(async () => {
    const repository = await createRepository();
    url = repository.url;
    for (const name of names.toReversed()) {
      await pushImage(world.state.images, repository.path, name);
    }
  });

  it("is sorted by name and has pages by number", async () => {
    const first = await world.api(`${url}/tags?per_page=2&page=2`, { as: "reporter" });

    expect(first.body).toMatchObject([{ name: "c" }, { name: "d" }]);
    expect(first.headers).toMatchObject({ "x-total": "5", "x-next-page": "3" });
  });

  it.each([
    ["asc", names],
    ["desc", names.toReversed()],
  ])("has pages by key, %s", async (sort, expected) => {
    const found: string[] = [];
    let path: string | undefined = `${url}/tags?pagination=keyset&per_page=2&sort=${sort}`;
    let pages = 0;
    while (path !== undefined) {
      const answer: Answer = await world.api(path, { as: "reporter" });
      expect(answer.headers).not.toHaveProperty("x-total");
      found.push(...(answer.body as { name: string }[]).map(({ name }) => name));
      const next = /^<([^>]*)>; rel="next"$/.exec(String(answer.headers["link"] ?? ""))?.[1];
      path = next?.replace(`${world.url}/api/v4`, "");
      pages++;
    }

    expect({ found, pages }).toEqual({ found: expected, pages: 3 });
  });
});

describe("DELETE of a tag", () => {
  it("leaves the other tags of the same image", async () => {
    const { path, url } = await createRepository();
    const { digest } = await pushImage(world.state.images, path, "v1", {
      created: "2026-01-01T00:00:00Z",
    });
    await pushImage(world.state.images, path, "same", { created: "2026-01-01T00:00:00Z" });
    await pushImage(world.state.images, path, "other", { created: "2026-02-01T00:00:00Z" });

    expect(await remove(`${url}/tags/v1`, "developer")).toMatchObject({ status: 200 });

    expect(await listTags(url)).toEqual(["other", "same"]);
    expect(await world.api(`${url}/tags/same`, { as: "reporter" })).toMatchObject({
      body: { digest },
    });
    // Also a second time, when the empty image has been there before.
    expect(await remove(`${url}/tags/same`)).toMatchObject({ status: 200 });
    expect(await listTags(url)).toEqual(["other"]);
  });

  it("takes an index", async () => {
    const { path, url } = await createRepository();
    await pushIndex(world.state.images, path, "v1");

    expect(await remove(`${url}/tags/v1`)).toMatchObject({ status: 200 });
    expect(await listTags(url)).toEqual(["v1-of-index"]);
  });

  // nobody, stranger, guest, reporter, developer, maintainer, owner, admin
  it("is for developers", async () => {
    const { path, url } = await createRepository();
    const statuses: number[] = [];
    for (const caller of callers) {
      await pushImage(world.state.images, path, "v1");
      statuses.push((await remove(`${url}/tags/v1`, caller)).status);
    }

    expect(statuses).toEqual([404, 404, 403, 403, 200, 200, 200, 200]);
  });
});

describe("a registry that doesn't answer", () => {
  it("makes 503", async () => {
    const other = new RealRegistry();
    await other.start();
    const id = await ensureRepository(other.world, site);
    await other.end();
    const url = `${project}/registry/repositories/${id}`;

    for (const path of [
      `${url}/tags`,
      `${url}/tags/v1`,
      `/registry/repositories/${id}?tags=true`,
    ]) {
      expect(await other.world.api(path, { as: "owner" })).toMatchObject({
        status: 503,
        body: {
          message:
            "We are having trouble connecting to the Container Registry. If this error persists, please review the troubleshooting documentation.",
        },
      });
    }
    await other.stop();
  }, 60_000);
});
