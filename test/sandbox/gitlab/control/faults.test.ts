import { request } from "undici";

import { World } from "../support/world";

const world = new World();
beforeAll(() => world.start());
afterAll(() => world.stop());
afterEach(() => world.control.reset());

const site = "/projects/web%2Fgatsby-site";
const tokens = `${site}/deploy_tokens`;
const fitting = { name: "n", scopes: ["read_registry"] };

async function statuses(count: number, path = "/user"): Promise<number[]> {
  const found: number[] = [];
  for (let n = 0; n < count; n++) found.push((await world.api(path, { as: "owner" })).status);
  return found;
}

async function countTokens(): Promise<number> {
  return Number((await world.api(tokens, { as: "owner" })).headers["x-total"]);
}

describe("a fault", () => {
  it("strikes so many requests, after letting some pass", async () => {
    const fault = await world.control.addFault({ status: 500, skip: 1, count: 2 });

    expect(fault).toEqual({ id: fault.id, status: 500, skip: 1, count: 2, struck: 0 });
    expect(await statuses(5)).toEqual([200, 500, 500, 200, 200]);
    expect(await world.control.faults()).toEqual([]);
  });

  it("strikes until it is removed", async () => {
    const fault = await world.control.addFault({ status: 502 });
    await world.control.addFault({ status: 503, route: "/version" });
    expect(await statuses(3)).toEqual([502, 502, 502]);
    expect(await world.control.faults()).toMatchObject([
      { id: fault.id, struck: 3 },
      { struck: 0 },
    ]);

    await world.control.removeFault(fault);

    expect(await statuses(1)).toEqual([200]);
    expect(await statuses(1, "/version")).toEqual([503]);
    await world.control.clearFaults();
    expect(await statuses(1, "/version")).toEqual([200]);
    await expect(world.control.removeFault(fault)).rejects.toThrow("There is no fault");
  });

  it.each([
    ["/projects/:id/deploy_tokens", true],
    ["/api/v4/projects/:id/deploy_tokens", true],
    ["/projects/*/deploy_tokens", true],
    ["/projects/web%2F*", true],
    ["*", true],
    ["/projects/:id", false],
    ["/groups/*", false],
    ["/projects/.*", false],
  ])("on route %s strikes a list of tokens: %s", async (route, strikes) => {
    await world.control.addFault({ status: 500, route });

    expect(await statuses(1, tokens)).toEqual([strikes ? 500 : 200]);
  });

  it("strikes one method, and routes that don't exist", async () => {
    await world.control.addFault({ status: 500, method: "post", route: "/user" });
    await world.control.addFault({ status: 507, route: "/no/such" });

    expect(await statuses(1)).toEqual([200]);
    expect(await world.api("/user", { method: "POST" })).toMatchObject({ status: 500 });
    expect(await world.api("/no/such")).toMatchObject({ status: 507 });
  });

  it("answers as GitLab would, or what it is told", async () => {
    await world.control.addFault({ status: 502, count: 1 });
    await world.control.addFault({ status: 429, count: 1 });
    await world.control.addFault({ status: 429, count: 1, retryAfter: "7" });
    await world.control.addFault({ status: 503, count: 1, body: { error: "no" } });
    await world.control.addFault({ status: 503, count: 1, body: "<p>", headers: { "x-own": "1" } });
    const answers = [];
    for (let n = 0; n < 5; n++) answers.push(await world.api("/user"));

    expect(answers.map(({ status, text }) => [status, text])).toEqual([
      [502, '{"message":"502 Bad Gateway"}'],
      [429, "Retry later"],
      [429, "Retry later"],
      [503, '{"error":"no"}'],
      [503, "<p>"],
    ]);
    expect(answers.map(({ headers }) => headers["retry-after"])).toEqual([
      undefined,
      undefined,
      "7",
      undefined,
      undefined,
    ]);
    expect(answers[4].headers["x-own"]).toBe("1");
  });

  it("cuts the connection before the request is carried out", async () => {
    const before = await countTokens();
    await world.control.addFault({ cut: true, method: "POST", count: 1 });

    await expect(world.api(tokens, { method: "POST", as: "owner", json: fitting })).rejects.toThrow(
      /other side closed|ECONNRESET/,
    );

    expect(await countTokens()).toBe(before);
  });

  it.each([
    ["cuts the connection", { cut: true }],
    ["answers with another status", { status: 504 }],
  ])("%s after the request is carried out", async (_what, fault) => {
    const before = await countTokens();
    await world.control.addFault({ ...fault, method: "POST", count: 1, afterwards: true });

    const answer = await world
      .api(tokens, { method: "POST", as: "owner", json: fitting })
      .catch((error: unknown) => error);

    expect(answer).toMatchObject(
      "cut" in fault
        ? { code: "UND_ERR_SOCKET" }
        : { status: 504, text: '{"message":"504 Gateway Timeout"}' },
    );
    expect(await countTokens()).toBe(before + 1);
  });

  it("delays an answer, and no other", async () => {
    await world.control.addFault({ latencyMilliseconds: 3_600_000, route: "/version" });
    const leave = new AbortController();
    let answered = false;
    const slow = request(`${world.address}/api/v4/version`, { signal: leave.signal }).then(
      () => (answered = true),
    );
    slow.catch(() => undefined);

    expect(await statuses(2)).toEqual([200, 200]);

    expect(answered).toBe(false);
    leave.abort();
    await expect(slow).rejects.toThrow("aborted");
  });

  it("with nothing but latency lets the request be carried out", async () => {
    await world.control.addFault({ latencyMilliseconds: 1 });

    expect(await statuses(1)).toEqual([200]);
  });

  it("is refused when it says nothing, or something unknown", async () => {
    const add = (fault: object): Promise<unknown> => world.control.addFault(fault);

    await expect(add({})).rejects.toThrow("The fault does nothing.");
    await expect(add({ status: 99 })).rejects.toThrow("`status` is 99.");
    await expect(add({ status: "500" })).rejects.toThrow("`status` is not a number.");
    await expect(add({ stauts: 500 })).rejects.toThrow("`stauts` is unknown.");
    expect(await statuses(1)).toEqual([200]);
  });
});
