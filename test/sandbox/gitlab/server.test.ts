import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { Agent, request } from "undici";

import { seed, tokenOf, World } from "./support/world";

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.stop());

const site = "projects/web%2Fgatsby-site";

describe("a restart", () => {
  it("keeps tokens, ids and what was deleted, and seeds nothing twice", async () => {
    await world.start();
    const kept = await world.createDeployToken(site, { name: "kept", scopes: ["read_registry"] });
    const gone = await world.createDeployToken(site, { name: "gone", scopes: ["read_registry"] });
    await world.api(`/${site}/deploy_tokens/${gone.id}`, { method: "DELETE", as: "owner" });
    const look = (): Promise<unknown[]> =>
      Promise.all(
        [`/${site}`, `/${site}/deploy_tokens`, "/user", "/groups/web"].map(
          async (path) => (await world.api(path, { as: "owner" })).body,
        ),
      );
    const before = await look();

    await world.restart();

    expect(await look()).toEqual(before);
    const scope = "&scope=repository:web/gatsby-site:pull";
    expect(await world.jwtAuth(scope, `${kept.username}:${kept.token}`)).toMatchObject({
      status: 200,
    });
    expect(await world.jwtAuth(scope, `${gone.username}:${gone.token}`)).toMatchObject({
      status: 401,
    });
    const next = await world.createDeployToken(site, { name: "next", scopes: ["read_registry"] });
    expect(next.id).toBe(gone.id + 1);
  });

  it("adds what is new in the seed and leaves what is there", async () => {
    const [first, ...rest] = seed.groups!;
    await world.start({
      seed: { ...seed, groups: [{ ...first, name: "Old" }, ...rest], users: [], members: [] },
    });
    expect(await world.api("/user", { as: "owner" })).toMatchObject({ status: 401 });

    await world.restart();

    expect(await world.api("/groups/web", { as: "owner" })).toMatchObject({
      status: 200,
      body: { name: "Old" },
    });
  });
});

describe("secrets", () => {
  const password = "a password for the test of secrets";
  const seedWithPassword = {
    ...seed,
    users: [...seed.users!, { username: "typist", name: "Typist", password }],
  };

  it("are in no log line and in no file", async () => {
    await world.start({ seed: seedWithPassword });
    const created = await world.createDeployToken(site, { name: "d", scopes: ["read_registry"] });
    const scope = "&scope=repository:web/gatsby-site:pull";
    const { token } = (await world.jwtAuth(scope, `${created.username}:${created.token}`)).body as {
      token: string;
    };
    await world.jwtAuth(scope, `typist:${password}`);
    await world.jwtAuth(scope, `typist:${password}!`);
    await world.api("/user", { token: "glpat-wrong" });
    await world.api(`/user?private_token=${tokenOf("owner")}`);
    await world.api(`/no/such/${created.token}`);
    await world.api(`/${site}/deploy_tokens`, {
      method: "POST",
      as: "owner",
      raw: `{"${created.token}`,
      headers: { "content-type": "application/json" },
    });

    const files = readdirSync(join(world.folder, "data")).map((name) =>
      readFileSync(join(world.folder, "data", name), "latin1"),
    );
    for (const secret of [created.token, token, password, tokenOf("owner"), "glpat-wrong"]) {
      expect(world.log.join("\n")).not.toContain(secret);
      expect(files.join("\n")).not.toContain(secret);
    }
    expect(world.log).toEqual(
      expect.arrayContaining([expect.stringMatching(/^GET \/jwt\/auth 200 \d+ ms$/)]),
    );
  });
});

describe("a defect", () => {
  it("is told in the log alone", async () => {
    await world.start();
    const database = new DatabaseSync(join(world.folder, "data", "gitlab.sqlite"));
    database.exec("DROP TABLE deploy_tokens");
    database.close();

    const answer = await world.api(`/${site}/deploy_tokens`, { as: "owner" });

    expect(answer).toMatchObject({ status: 500, body: { message: "500 Internal Server Error" } });
    expect(world.log[0]).toMatch(/^Error: no such table: deploy_tokens\n +at /);
    expect(world.log.join()).not.toContain(tokenOf("owner"));
  });

  it("in the signing key keeps it from starting", async () => {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const signingKey = privateKey.export({ type: "pkcs8", format: "pem" }) as string;

    await expect(world.start({ signingKey })).rejects.toThrow(
      'The signing key is of type "ec". Use an RSA key: GitLab signs with RS256.',
    );
  });
});

describe("bad requests", () => {
  const json = { "content-type": "application/json" };

  it.each([
    ["malformed JSON", { raw: "{", headers: json }, 400],
    ["a body of another kind", { raw: "<name/>", headers: { "content-type": "text/xml" } }, 415],
    ["a body of ten megabytes", { raw: `"${"x".repeat(10_000_000)}"`, headers: json }, 400],
    [
      "keys of JavaScript's own",
      { raw: '{"__proto__":{"name":"n"},"constructor":1}', headers: json },
      400,
    ],
  ])("%s", async (_what, call, status) => {
    await world.start();

    const answer = await world.api(`/${site}/deploy_tokens`, {
      method: "POST",
      as: "owner",
      ...call,
    });

    expect(answer).toMatchObject({ status, body: { error: expect.any(String) as string } });
    expect(await world.send("/-/readiness", {})).toMatchObject({ status: 200 });
  });

  it.each([
    ["/api/v4/no/such/route", 404],
    // A proxy that decodes `%2F` makes a route that doesn't exist.
    ["/api/v4/projects/web/gatsby-site", 404],
    [`/api/v4/projects/${"x".repeat(3000)}`, 414],
  ])("%s: %i", async (path, status) => {
    await world.start();

    const answer = await world.send(path, {});

    expect(answer).toMatchObject({
      status,
      body: { error: expect.stringMatching(`^${status} `) as string },
    });
  });

  it("takes an empty body for none", async () => {
    await world.start();
    const { id } = await world.createDeployToken(site, { name: "d", scopes: ["read_registry"] });

    const answer = await world.api(`/${site}/deploy_tokens/${id}`, {
      method: "DELETE",
      as: "owner",
      headers: json,
    });

    expect(answer).toMatchObject({ status: 204 });
  });
});

describe("the server", () => {
  it("answers GitLab's probes", async () => {
    await world.start();

    expect(await world.send("/-/health", {})).toMatchObject({ status: 200, text: "GitLab OK" });
    expect(await world.send("/-/liveness", {})).toMatchObject({
      status: 200,
      body: { status: "ok" },
    });
    expect(await world.send("/-/readiness", {})).toMatchObject({
      status: 200,
      body: { status: "ok", master_check: [{ status: "ok" }] },
    });
  });

  it("answers HEAD as GET, without a body", async () => {
    await world.start();

    const answer = await world.api(`/${site}/deploy_tokens`, { method: "HEAD", as: "owner" });

    expect(answer).toMatchObject({ status: 200, text: "", headers: { "x-total": "0" } });
  });

  it("does TLS", async () => {
    const files = ["key", "cert"].map((name) => join(world.folder, name));
    execFileSync(
      "openssl",
      [
        ...[
          "req",
          "-x509",
          "-newkey",
          "rsa:2048",
          "-nodes",
          "-days",
          "2",
          "-subj",
          "/CN=localhost",
        ],
        ...["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", files[0], "-out", files[1]],
      ],
      { stdio: "pipe" },
    );
    const [key, certificate] = files.map((file) => readFileSync(file, "utf8")) as [string, string];
    await world.start({ tls: { key, certificate } });
    const dispatcher = new Agent({ connect: { ca: certificate } });

    const response = await request(`${world.address}/-/health`, { dispatcher });

    expect(world.address).toMatch(/^https:/);
    expect(await response.body.text()).toBe("GitLab OK");
    await dispatcher.close();
  });
});
