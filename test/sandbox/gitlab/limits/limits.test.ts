import { Limits } from "../../../../sandbox/gitlab/limits/limits";
import type { Settings } from "../../../../sandbox/gitlab/model/settings";
import { tokenOf, World } from "../support/world";

const world = new World();
beforeAll(() => world.start());
afterAll(() => world.stop());

const noon = world.now;
afterEach(async () => {
  world.now = noon;
  await world.control.reset();
});

const off = "ratelimit-limit";

describe("throttles", () => {
  it("are off, as on an instance of one's own", async () => {
    const { authenticatedApi, unauthenticatedApi } = await world.control.limits();

    expect([authenticatedApi, unauthenticatedApi]).toEqual([
      { enabled: false, requests: 7200, periodSeconds: 3600 },
      { enabled: false, requests: 3600, periodSeconds: 3600 },
    ]);
    expect((await world.api("/user", { as: "owner" })).headers).not.toHaveProperty(off);
  });

  it("tell in every answer what is left", async () => {
    await world.control.changeLimits({
      authenticatedApi: { enabled: true, requests: 100, periodSeconds: 3600 },
    });
    world.now = new Date("2027-01-01T12:10:00.000Z");

    const answers = [
      await world.api("/user", { as: "owner" }),
      await world.api("/projects/none%2Fsuch", { as: "owner" }),
      await world.api("/no/such/route", { as: "owner" }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([200, 404, 404]);
    answers.forEach(({ headers }, index) =>
      expect(headers).toMatchObject({
        "ratelimit-name": "throttle_authenticated_api",
        // By the minute, rounded up.
        "ratelimit-limit": "2",
        "ratelimit-observed": String(index + 1),
        "ratelimit-remaining": String(99 - index),
        "ratelimit-reset": String(Date.parse("2027-01-01T13:00:00Z") / 1000),
      }),
    );
    expect(answers[0].headers).not.toHaveProperty("retry-after");
    expect((await world.api("/user", { as: "guest" })).headers["ratelimit-observed"]).toBe("1");
  });

  it("refuse what is too much in plain text, and say when to come again", async () => {
    await world.control.changeLimits({
      authenticatedApi: { enabled: true, requests: 2, periodSeconds: 60 },
    });
    world.now = new Date("2027-01-01T12:00:20.000Z");
    await world.api("/user", { as: "owner" });
    await world.api("/user", { as: "owner" });

    const answer = await world.api("/user", { as: "owner" });

    expect(answer).toMatchObject({
      status: 429,
      text: "Retry later",
      headers: {
        "content-type": expect.stringMatching(/^text\/plain/) as string,
        "retry-after": "40",
        "ratelimit-resettime": "Fri, 01 Jan 2027 12:01:00 GMT",
        "ratelimit-observed": "3",
        "ratelimit-remaining": "0",
      },
    });
    expect(await world.api("/user", { as: "guest" })).toMatchObject({ status: 200 });
    world.now = new Date("2027-01-01T12:01:00.000Z");
    expect(await world.api("/user", { as: "owner" })).toMatchObject({ status: 200 });
  });

  it("count who is nobody by address, also with a token that is dead", async () => {
    await world.control.changeLimits({
      unauthenticatedApi: { enabled: true, requests: 2, periodSeconds: 60 },
    });

    const statuses = [];
    for (const token of [undefined, "glpat-unknown", undefined]) {
      statuses.push((await world.api("/groups/open", { token })).status);
    }

    expect(statuses).toEqual([200, 401, 429]);
    expect((await world.api("/user", { as: "owner" })).headers).not.toHaveProperty(off);
    expect(await world.send("/-/health", {})).toMatchObject({ status: 200 });
    expect(await world.jwtAuth("")).toMatchObject({ status: 403 });
  });

  it("are kept over a restart", async () => {
    await world.control.changeLimits({ notesPerMinute: 5 });
    await world.restart();

    expect(await world.control.limits()).toMatchObject({ notesPerMinute: 5 });
  });

  it("refuse settings of another shape", async () => {
    const change = (changes: object): Promise<unknown> => world.control.changeLimits(changes);

    await expect(change({ notesPerMinute: "5" })).rejects.toThrow("Use authenticatedApi,");
    await expect(change({ others: 5 })).rejects.toThrow("Use authenticatedApi,");
  });
});

describe("the limit on notes", () => {
  it("is by user and minute, and of GitLab's other shape", () => {
    const kept = { get: (_name: string, none: unknown) => none } as unknown as Settings;
    let now = new Date("2027-01-01T12:00:30Z");
    const limits = new Limits(kept, () => now);
    for (let n = 0; n < 300; n++) limits.checkNote(1);

    expect(() => limits.checkNote(1)).toThrow(
      expect.objectContaining({
        status: 429,
        body: {
          message: {
            error: "This endpoint has been requested too many times. Try again later.",
          },
        },
      }) as Error,
    );
    expect(() => limits.checkNote(2)).not.toThrow();
    now = new Date("2027-01-01T12:01:00Z");
    expect(() => limits.checkNote(1)).not.toThrow();
  });
});

describe("the ban on addresses that fail to authenticate", () => {
  const fail = async (): Promise<number> => (await world.jwtAuth("", "x:wrong")).status;
  const succeed = async (): Promise<number> =>
    (await world.jwtAuth("", `x:${tokenOf("owner")}`)).status;

  it("is off", async () => {
    for (let n = 0; n < 31; n++) expect(await fail()).toBe(401);
  });

  it("lasts an hour after thirty failures in three minutes", async () => {
    await world.control.changeLimits({ authenticationBan: { enabled: true } });
    for (let n = 0; n < 30; n++) expect(await fail()).toBe(401);

    expect(await world.jwtAuth("", `x:${tokenOf("owner")}`)).toMatchObject({
      status: 403,
      text: "Forbidden\n",
    });
    expect(await world.api("/user", { as: "owner" })).toMatchObject({ status: 200 });
    world.now = new Date(noon.getTime() + 3_599_000);
    expect(await succeed()).toBe(403);
    world.now = new Date(noon.getTime() + 3_600_000);
    expect(await succeed()).toBe(200);
  });

  it("begins to count again after a success, and after three minutes", async () => {
    await world.control.changeLimits({ authenticationBan: { enabled: true, failures: 3 } });
    await fail();
    await fail();
    expect(await succeed()).toBe(200);
    await fail();
    await fail();
    world.now = new Date(noon.getTime() + 180_000);

    expect(await fail()).toBe(401);
    expect(await succeed()).toBe(200);
  });
});
