import { environmentsOf, type Environment } from "../support/environments";
import { World, type Answer } from "../support/world";

const world = new World();
beforeAll(() => world.start());
afterAll(() => world.stop());

const noon = world.now;
afterEach(() => {
  world.now = noon;
});

const { create, stop } = environmentsOf(world);

describe("environments that nobody uses", () => {
  it("stop when nobody used them for long", async () => {
    const path = "/projects/web%2Finner%2Fdeep/environments";
    const old = await create({}, path);
    const used = await create({}, path);
    world.now = new Date("2027-02-01T00:00:00.000Z");
    const deployment = {
      environment: used.name,
      sha: "s",
      ref: "r",
      tag: false,
      status: "success",
    };
    await world.api(path.replace("environments", "deployments"), {
      method: "POST",
      as: "developer",
      json: deployment,
    });
    const stopStale = (before: string): Promise<Answer> =>
      world.api(`${path}/stop_stale`, { method: "POST", as: "maintainer", json: { before } });

    for (const before of ["2027-01-28", "2016-01-01"]) {
      expect(await stopStale(before)).toMatchObject({
        status: 400,
        body: { message: "400 Bad request - Invalid Date" },
      });
    }
    expect(await stopStale("2027-01-20")).toMatchObject({
      status: 200,
      body: { message: "Successfully scheduled stale environments to stop" },
    });
    const states = (await world.api(path, { as: "reporter" })).body;
    expect(states).toMatchObject([
      { id: old.id, state: "stopped" },
      { id: used.id, state: "available" },
    ]);
  });

  it("of stopped branches go a week after they are told to", async () => {
    const path = "/projects/closed%2Flone/environments";
    const as = "reporter"; // a maintainer there
    const make = async (name: string): Promise<Environment> =>
      (await world.api(path, { method: "POST", as, json: { name } })).body as Environment;
    const [gone, , kept] = [await make("review/a"), await make("review/b"), await make("other")];
    await stop(path, gone.id, as);
    await stop(path, kept.id, as);
    const remove = (query = ""): Promise<Answer> =>
      world.api(`${path}/review_apps${query}`, { method: "DELETE", as });
    const none = {
      status: 400,
      body: {
        message: {
          scheduled_entries: [],
          unprocessable_entries: [],
          message: expect.stringMatching(
            /^No environments found for scheduled deletion\./,
          ) as string,
        },
      },
    };
    const entry = {
      id: gone.id,
      name: "review/a",
      slug: expect.any(String) as string,
      external_url: null,
      created_at: noon.toISOString(),
      updated_at: noon.toISOString(),
    };
    const listed = async (): Promise<string[]> =>
      ((await world.api(path, { as })).body as Environment[]).map(({ name }) => name);

    expect(await remove("?dry_run=false")).toMatchObject(none);
    world.now = new Date("2027-02-01T12:00:00.000Z");
    // Dry, unless told otherwise.
    for (const query of ["", "", "?dry_run=false"]) {
      const answer = await remove(query);
      expect(answer).toMatchObject({ status: 200 });
      expect(answer.body).toEqual({ scheduled_entries: [entry], unprocessable_entries: [] });
    }
    expect(await remove("?dry_run=false")).toMatchObject(none);
    expect(await listed()).toEqual(["other", "review/a", "review/b"]);
    world.now = new Date("2027-02-08T12:00:00.000Z");
    expect(await listed()).toEqual(["other", "review/b"]);
    expect(await remove("?limit=0")).toMatchObject({
      status: 400,
      body: { error: "limit does not have a valid value" },
    });
  });
});
