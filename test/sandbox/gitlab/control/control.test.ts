import { decodeJwt } from "jose";
import { request } from "undici";

import { tokenOf, World } from "../support/world";

const world = new World();
beforeAll(() => world.start());
afterAll(() => world.stop());
afterEach(() => world.control.reset());

const site = "/projects/web%2Fgatsby-site";
const tokens = `${site}/deploy_tokens`;
const fitting = { name: "n", scopes: ["read_registry"] };

describe("the clock", () => {
  it("is the machine's, until it is moved", async () => {
    expect(await world.control.clock()).toEqual({ now: world.now.toISOString(), offsetSeconds: 0 });

    expect(await world.control.setClock({ offsetSeconds: -1.5 })).toEqual({
      now: "2027-01-01T11:59:58.500Z",
      offsetSeconds: -1.5,
    });
    expect(await world.control.setClock({ at: "2027-01-01T13:00:00Z" })).toEqual({
      now: "2027-01-01T13:00:00.000Z",
      offsetSeconds: 3600,
    });
    await expect(world.control.setClock({ at: "soon" })).rejects.toThrow("Give `{");
  });

  it("decides when tokens expire, and dates what is made", async () => {
    const token = tokenOf("owner", "mortal");
    await world.control.setClock({ at: "2027-01-01T23:59:59.999Z" });
    expect(await world.api("/user", { token })).toMatchObject({ status: 200 });

    await world.control.setClock({ at: "2027-01-02T00:00:00.000Z" });

    expect(await world.api("/user", { token })).toMatchObject({ status: 401 });
    const login = `x:${tokenOf("owner")}`;
    const answer = await world.jwtAuth("&scope=repository:web/gatsby-site:pull", login);
    const { iat } = decodeJwt((answer.body as { token: string }).token);
    // The registry keeps real time.
    expect(iat).toBe(world.now.getTime() / 1000);
    await world.api(tokens, { method: "POST", as: "owner", json: fitting });
    expect((await world.control.events()).at(-1)?.at).toBe("2027-01-02T00:00:00.000Z");
  });

  it("keeps its move over a restart", async () => {
    await world.control.setClock({ offsetSeconds: 60 });

    await world.restart();

    expect(await world.control.clock()).toMatchObject({ offsetSeconds: 60 });
  });
});

describe("maintenance", () => {
  it("read-only refuses what changes something, and nothing else", async () => {
    expect(await world.control.setMaintenance("read-only")).toEqual({ mode: "read-only" });

    for (const method of ["POST", "PUT", "PATCH", "DELETE"] as const) {
      expect(await world.api(tokens, { method, as: "owner" })).toMatchObject({
        status: 503,
        body: { message: "GitLab Maintenance: system is in maintenance mode" },
      });
    }
    expect(await world.api(tokens, { as: "owner" })).toMatchObject({ status: 200 });
    expect(await world.jwtAuth("")).toMatchObject({ status: 403 });
  });

  it("down answers everything with a page, over a restart too", async () => {
    await world.control.setMaintenance("down");
    await world.restart();

    const answer = await world.api("/user", { as: "owner" });

    expect(answer).toMatchObject({
      status: 503,
      text: expect.stringContaining("<h1>503") as string,
    });
    expect(answer.headers["content-type"]).toMatch(/^text\/html/);
    expect(await world.control.maintenance()).toEqual({ mode: "down" });
  });

  it("has no other mode", async () => {
    await expect(world.control.setMaintenance("on" as "off")).rejects.toThrow(
      "`mode` is one of off, read-only, down.",
    );
  });
});

describe("a seed at run time", () => {
  it("adds what is new", async () => {
    await world.control.seed({ groups: [{ path: "late", visibility: "public" }] });

    expect(await world.api("/groups/late")).toMatchObject({ status: 200 });
  });

  it("adds nothing of a seed that is wrong", async () => {
    await expect(
      world.control.seed({ groups: [{ path: "good" }, { path: "no/parent" }] }),
    ).rejects.toThrow("is in no group of the seed");

    expect(await world.api("/groups/good", { as: "admin" })).toMatchObject({ status: 404 });
  });
});

describe("the control endpoint", () => {
  it("is no part of the API", async () => {
    expect(await world.send("/events", {})).toMatchObject({ status: 404 });
    expect(await world.api("/events")).toMatchObject({ status: 404 });
  });

  it("takes nothing that a page in a browser could send without asking", async () => {
    const { url } = world.control as unknown as { url: string };

    const { statusCode } = await request(`${url}/faults`, {
      method: "POST",
      headers: { "content-type": "text/plain" },
      body: '{"status":500}',
    });

    expect(statusCode).toBe(415);
    expect(await world.control.faults()).toEqual([]);
  });

  it("resets everything but what is stored", async () => {
    await world.control.addFault({ status: 500 });
    await world.control.setMaintenance("down");
    await world.control.setClock({ offsetSeconds: 60 });
    const { authenticatedApi } = await world.control.limits();
    await world.control.changeLimits({ authenticatedApi: { enabled: true, requests: 1 } });

    await world.control.reset();

    expect(await world.api("/user", { as: "owner" })).toMatchObject({ status: 200 });
    expect(await world.control.faults()).toEqual([]);
    expect(await world.control.clock()).toMatchObject({ offsetSeconds: 0 });
    expect((await world.control.limits()).authenticatedApi).toEqual(authenticatedApi);
  });
});
