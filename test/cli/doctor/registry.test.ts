import { DoctorWorld, listCauses } from "./support/doctorWorld";

const world = new DoctorWorld();

beforeAll(() => world.start());
afterAll(() => world.stop());
afterEach(() => world.reset());

const run = async () => listCauses(await world.run("web/gatsby-site"));

describe("what answers at the registry's address", () => {
  it.each([
    [
      "another program",
      404,
      {},
      "nginx",
      "No registry answers at registry.test:5050: https://registry.test:5050/v2/ has status 404.",
    ],
    [
      "GitLab's web server",
      404,
      {},
      "<html><title>GitLab</title>",
      "GitLab's web server answers at registry.test:5050, and not its registry: the port is another one, or the registry is off.",
    ],
    [
      "a proxy without the registry",
      502,
      {},
      "",
      "A proxy answers at registry.test:5050, but the registry behind it does not (status 502).",
    ],
    [
      "a redirect",
      302,
      { location: "https://login.test/" },
      "",
      "registry.test:5050 redirects to https://login.test/ instead of answering as a registry.",
    ],
    [
      "a registry with other logins",
      401,
      { "www-authenticate": 'Basic realm="registry"' },
      "",
      'The registry at registry.test:5050 does not use GitLab\'s tokens: it asks for "Basic realm="registry"".',
    ],
    [
      "a portal's page",
      200,
      { "content-type": "text/html" },
      "<!DOCTYPE html><title>Sign in</title>",
      "registry.test:5050 answers with a web page, and not as a registry: another program, a portal or a proxy is there.",
    ],
    [
      "a registry without a login",
      200,
      {},
      "{}",
      "A registry without a login answers at registry.test:5050: it is not the one of a GitLab project.",
    ],
  ])("is %s", async (_, status, headers, text, cause) => {
    world.registry = (_incoming, response) => response.writeHead(status, headers).end(text);
    expect(await run()).toEqual({ registry: [cause] });
  });

  it("names a token service to which no password is sent", async () => {
    world.registry = (_incoming, response) =>
      response
        .writeHead(401, { "www-authenticate": 'Bearer realm="http://gitlab.test/jwt"' })
        .end();
    expect(await run()).toEqual({
      login: [
        "The registry names a token service without HTTPS, http://gitlab.test/jwt, to which no password is sent.",
      ],
    });
  });

  it("has another time than this machine", async () => {
    const date = new Date(Date.now() - 3_600_000).toUTCString();
    world.registry = (_incoming, response) =>
      response
        .writeHead(401, {
          date,
          "www-authenticate":
            'Bearer realm="https://gitlab.test/jwt/auth",service="container_registry"',
        })
        .end();
    const results = await world.run("web/gatsby-site");
    const warnings = results.flatMap((result) => result.warnings ?? []);
    expect(warnings.map(({ cause }) => cause)).toEqual([
      expect.stringMatching(/^This machine's clock is 36\d\d seconds ahead of the registry's\.$/),
    ]);
  });
});

describe("a proxy", () => {
  it.each([
    [403, /refused to connect to gitlab\.test:443 with status code 403\.$/],
    [502, /refused to connect to gitlab\.test:443 with status code 502\.$/],
  ])("that refuses with %d is the cause", async (status, cause) => {
    world.network.refuseWith = status;
    const causes = await run();
    expect(Object.keys(causes)).toEqual(["gitlab-tls", "registry-tls"]);
    expect(causes["gitlab-tls"]?.join()).toMatch(cause);
  });

  it("that wants a password is the cause, and not GitLab", async () => {
    world.env = { HTTPS_PROXY: world.network.proxy };
    world.network.login = "user:proxy-password";
    const causes = await run();
    expect(Object.keys(causes)).toEqual(["gitlab-tls", "registry-tls"]);
    expect(causes["gitlab-tls"]?.join()).toMatch(/with status code 407\.$/);
  });

  it("that is not there is the cause", async () => {
    world.env = { HTTPS_PROXY: "http://127.0.0.1:1" };
    expect(await run()).toEqual({
      "gitlab-tcp": [
        "Nothing listens at 127.0.0.1:1, the address of the proxy of `HTTPS_PROXY`: the connection was refused.",
      ],
      "registry-tcp": [
        "Nothing listens at 127.0.0.1:1, the address of the proxy of `HTTPS_PROXY`: the connection was refused.",
      ],
    });
  });

  it("that is no address is the cause", async () => {
    world.env = { HTTPS_PROXY: "ftp://proxy.test" };
    expect(await run()).toEqual({
      configuration: [
        '`HTTPS_PROXY` is not the address of a proxy, such as "http://proxy.example.com:3128".',
      ],
    });
  });
});
