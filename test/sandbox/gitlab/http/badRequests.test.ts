import { connect } from "node:net";

import { World, type Call } from "../support/world";

const world = new World();
beforeAll(() => world.start());
afterAll(() => world.stop());

const tokens = "/projects/web%2Fgatsby-site/deploy_tokens";
const json = { "content-type": "application/json" };
const form = { "content-type": "application/x-www-form-urlencoded" };
const malformed = { status: 400, text: "Bad Request" };
const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;

const post = (call: Call): ReturnType<World["api"]> =>
  world.api(tokens, { method: "POST", as: "owner", ...call });

/** Sends bytes that no client of HTTP would. */
async function sendRaw(text: string): Promise<string> {
  const { hostname, port } = new URL(world.address);
  const socket = connect(Number(port), hostname);
  socket.end(Buffer.from(text, "latin1"));
  let answer = "";
  for await (const chunk of socket) answer += String(chunk);
  return answer;
}

afterEach(async () => {
  const { status } = await world.send("/-/readiness", {});
  if (status !== 200) throw new Error(`Not ready any more: ${status}`);
});

describe("a body", () => {
  const declared =
    "\nProblem:\n  message body does not match declared format\nResolution:\n  when specifying " +
    "application/json as content-type, you must pass valid application/json in the request's 'body' ";

  it.each<[string, Call, number, unknown]>([
    ["of malformed JSON", { raw: "{", headers: json }, 400, { error: declared }],
    ["without a type is read as JSON", { raw: "{" }, 400, { error: declared }],
    ["without a type, of good JSON", { raw: '{"name":"n"}' }, 400, { error: "scopes is missing" }],
    [
      "of a type that GitLab doesn't know",
      { raw: "<name/>", headers: { "content-type": "text/xml" } },
      415,
      { error: "The provided content-type 'text/xml' is not supported." },
    ],
    [
      "of ten megabytes is read",
      { json: { name: "n".repeat(10_000_000), scopes: ["read_registry"] } },
      400,
      { message: "Name is too long (maximum is 255 characters)" },
    ],
    [
      "nested too deeply",
      { raw: nested(33), headers: json },
      400,
      { error: "Parameters nested too deeply" },
    ],
    [
      "nested as deeply as can be",
      { raw: nested(32), headers: json },
      400,
      { error: "name is missing, scopes is missing" },
    ],
    [
      "nested a hundred thousand times",
      { raw: "[".repeat(100_000) + "]".repeat(100_000), headers: json },
      400,
      { error: "Parameters nested too deeply" },
    ],
    [
      "with a huge list",
      { json: { name: "n", scopes: Array.from({ length: 50_001 }, () => "api") } },
      400,
      { error: "Array parameter too large" },
    ],
    [
      "with a huge object",
      { json: Object.fromEntries(Array.from({ length: 50_001 }, (_, n) => [`k${n}`, n])) },
      400,
      { error: "Hash parameter too large" },
    ],
    [
      "with too many parameters in all",
      { json: { a: Array(50_000).fill(0), b: Array(50_000).fill(0) } },
      400,
      { error: "Too many total parameters" },
    ],
    [
      "with names of JavaScript's own",
      { raw: '{"__proto__":{"name":"n"},"constructor":1}', headers: json },
      400,
      { error: "name is missing, scopes is missing" },
    ],
  ])("%s", async (_what, call, status, body) => {
    expect(await post(call)).toMatchObject({ status, body });
  });

  it.each<[string, Call]>([
    ["JSON with NUL", { json: { name: "a\0b", scopes: ["read_registry"] } }],
    ["a form with NUL", { raw: "name=a%00b&scopes[]=read_registry", headers: form }],
    ["a form that is no UTF-8", { raw: "name=%ff&scopes[]=read_registry", headers: form }],
    ["a form that contradicts itself", { raw: "name=n&name[a]=n", headers: form }],
    ["a form of brackets", { raw: `a${"[b]".repeat(40)}=1`, headers: form }],
    [
      "parts without their boundary",
      { raw: "x", headers: { "content-type": "multipart/form-data" } },
    ],
  ])("refuses %s", async (_what, call) => {
    expect(await post(call)).toMatchObject(malformed);
  });

  it("takes a form in parts, as some clients send", async () => {
    const part = (name: string, value: string): string =>
      `--x\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
    const raw = `${part("name", "ü")}${part("scopes[]", "read_registry")}--x--\r\n`;

    const answer = await post({
      raw,
      headers: { "content-type": "multipart/form-data; boundary=x" },
    });

    expect(answer).toMatchObject({
      status: 201,
      body: { name: "ü", scopes: ["read_registry"] },
    });
  });

  it("takes an empty one for none", async () => {
    expect(await post({ raw: "", headers: json })).toMatchObject({
      status: 400,
      body: { error: "name is missing, scopes is missing" },
    });
  });
});

describe("a path or query", () => {
  it.each([
    "/projects/%zz",
    "/projects/%ff",
    "/projects/a%00b",
    "/users?username=%00",
    "/users?username=%ff",
    "/users?username=%",
    "/users?a=1&a[b]=2",
    `/users?a${"[b]".repeat(40)}=1`,
  ])("%s is malformed", async (path) => {
    expect(await world.api(path)).toMatchObject(malformed);
  });

  it.each<[string, number, unknown]>([
    // A proxy that decodes `%2F` makes a route that doesn't exist.
    ["/projects/web/gatsby-site", 404, { error: "404 Not Found" }],
    ["/no/such/route", 404, { error: "404 Not Found" }],
    ["/projects/open%252Fpublic", 404, { message: "404 Project Not Found" }],
    ["/projects/-1", 404, { message: "404 Project Not Found" }],
    ["/projects/99999999999999999999", 404, { message: "404 Project Not Found" }],
    ["/users?username[]=a", 400, { error: "username is invalid" }],
    ["/users?username=owner&username=none", 200, []],
    ["/users?username=none&per_page=0", 400, { error: "per_page has a value not allowed" }],
    ["/users?username=none&page=1.5", 400, { error: "page is invalid" }],
    ["/users?username=none&page=-1&per_page=-1", 200, []],
    ["/users?__proto__[admin]=1&username=none", 200, []],
  ])("%s: %i", async (path, status, body) => {
    expect(await world.api(path)).toMatchObject({ status, body });
  });

  it("is refused when it is too long", async () => {
    expect(await world.api(`/projects/${"x".repeat(3000)}`)).toMatchObject({ status: 414 });
  });

  it("with bytes that aren't ASCII is refused before it is looked at", async () => {
    const head = "HTTP/1.1\r\nhost: gitlab.test\r\nconnection: close\r\n\r\n";

    expect(await sendRaw(`GET /api/v4/users?username=\xff ${head}`)).toMatch(/^HTTP\/1.1 4\d\d /);
  });
});

describe("a header", () => {
  it("of a login with NUL is malformed", async () => {
    const login = Buffer.from("a:b\0").toString("base64");

    expect(
      await world.api("/user", { headers: { authorization: `Basic ${login}` } }),
    ).toMatchObject(malformed);
    expect(await world.jwtAuth("", "a:b\0")).toMatchObject(malformed);
  });
});

describe("a method", () => {
  it.each(["PUT", "PATCH"] as const)("%s is not allowed where others are", async (method) => {
    const answer = await world.api(tokens, { method, as: "owner" });

    expect(answer).toMatchObject({ status: 405, body: { error: "405 Not Allowed" } });
    expect(String(answer.headers["allow"]).split(", ").toSorted()).toEqual([
      ...["GET", "HEAD", "OPTIONS", "POST"],
    ]);
  });

  it("is not allowed on one of several routes that fit", async () => {
    const answer = await world.api("/personal_access_tokens/self", { method: "PUT" });

    expect(answer.headers["allow"]).toBe("OPTIONS, GET, HEAD, DELETE");
  });

  it("OPTIONS tells which are", async () => {
    const answer = await world.api("/user", { method: "OPTIONS" });

    expect(answer).toMatchObject({
      status: 204,
      text: "",
      headers: { allow: "OPTIONS, GET, HEAD" },
    });
    expect(await world.api("/no/such", { method: "OPTIONS" })).toMatchObject({ status: 404 });
  });
});
