import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";

import { type CollectionTag, parse } from "yaml";

import { ScriptWorld } from "./support/script";

const templates = join(__dirname, "..", "..", "templates");
let world: ScriptWorld;

beforeEach(() => {
  world = new ScriptWorld();
});

afterEach(() => world.remove());

describe("builder.sh", () => {
  const listen = (host: string): Promise<Server> =>
    new Promise((resolve) => {
      const server = createServer().listen(0, host, () => resolve(server));
    });
  const portOf = (server: Server): number => (server.address() as { port: number }).port;

  it("gives a proxy to the steps of a Dockerfile by Docker's configuration", async () => {
    const server = await listen("127.0.0.1");
    world.write("config.json", '{"auths":{"a":{}},"proxies":{"tcp://x":{}}}');
    const endpoint = `tcp://127.0.0.1:${portOf(server)}`;
    const ended = await world.run("builder.sh", {
      DOCKER_CONFIG: world.folder,
      HTTPS_PROXY: "http://proxy.example.com:3128",
      NO_PROXY: "10.0.0.0/8",
      SLIPWAY_BUILDKIT_HOST: endpoint,
    });
    server.close();
    expect(ended).toMatchObject({
      code: 0,
      output: `Builder \`slipway\`: BuildKit at ${endpoint}.\n`,
    });
    expect(JSON.parse(world.read("config.json"))).toEqual({
      auths: { a: {} },
      proxies: {
        "tcp://x": {},
        default: {
          httpsProxy: "http://proxy.example.com:3128",
          noProxy: "localhost,127.0.0.1,::1,buildkit,docker,10.0.0.0/8",
        },
      },
    });
  });

  it("logs in to GitLab's dependency proxy, and where the runner pulls with a login", async () => {
    const server = await listen("127.0.0.1");
    world.write("config.json", '{"auths":{"a":{}}}');
    const ended = await world.run("builder.sh", {
      DOCKER_CONFIG: world.folder,
      DOCKER_AUTH_CONFIG: '{"auths":{"mirror.example.com":{"auth":"bTpt"}},"credsStore":"x"}',
      CI_DEPENDENCY_PROXY_SERVER: "gitlab.example.com:443",
      CI_DEPENDENCY_PROXY_USER: "gitlab-ci-token",
      CI_DEPENDENCY_PROXY_PASSWORD: "secret",
      SLIPWAY_BUILDKIT_HOST: `tcp://127.0.0.1:${portOf(server)}`,
    });
    server.close();
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.output).not.toContain("secret");
    const login = { auth: Buffer.from("gitlab-ci-token:secret").toString("base64") };
    expect(JSON.parse(world.read("config.json"))).toEqual({
      auths: {
        a: {},
        "mirror.example.com": { auth: "bTpt" },
        "gitlab.example.com:443": login,
        "gitlab.example.com": login,
      },
    });
  });

  it("refuses logins that are not JSON, and does not show them", async () => {
    const env = { DOCKER_CONFIG: world.folder, DOCKER_AUTH_CONFIG: "secret" };
    expect(await world.run("builder.sh", env)).toMatchObject({
      code: 1,
      output:
        '`DOCKER_AUTH_CONFIG` is not JSON. Use the content of a Docker configuration, such as {"auths":{"registry.example.com":{"auth":"..."}}}.\n',
    });
  });

  it("reaches a builder that has only an IPv6 address", async () => {
    const server = await listen("::1");
    const endpoint = `tcp://[::1]:${portOf(server)}`;
    const ended = await world.run("builder.sh", { SLIPWAY_BUILDKIT_HOST: endpoint });
    server.close();
    expect(ended).toMatchObject({
      code: 0,
      output: `Builder \`slipway\`: BuildKit at ${endpoint}.\n`,
    });
  });

  it("refuses a builder that does not exist", async () => {
    expect(await world.run("builder.sh", { SLIPWAY_BUILDER: "kaniko" })).toMatchObject({
      code: 1,
      output:
        '`SLIPWAY_BUILDER` is "kaniko", which is not a builder. Use buildkit, dind or remote.\n',
    });
  });
});

/** The script of a template's service, as the service's container runs it. */
function readService(name: string): string {
  const file = readFileSync(join(templates, "builder", `${name}.yml`), "utf8");
  const template = parse(file) as {
    ".slipway-builder": { services: { command: string[] }[] };
  };
  return template[".slipway-builder"].services[0].command[0];
}

describe("BuildKit's service", () => {
  const authorities = readFileSync("/etc/ssl/certs/ca-certificates.crt", "utf8");

  /** Runs the service as its container does, with BuildKit replaced by a program that prints what it got. */
  const run = (env: Record<string, string>) => {
    const script = readService("buildkit").replaceAll("/tmp/", `${world.folder}/`);
    world.stub("rootlesskit", 'echo "${HTTPS_PROXY-unset} ${NO_PROXY-unset}"; cat buildkitd.toml');
    return world.bash(`exec sh '${world.write("service.sh", script)}'`, env);
  };

  it("starts without an address of one protocol, so that IPv6 alone is enough", async () => {
    const { calls, output } = await run({});
    expect(calls.at(-1)).toMatch(/ --addr tcp:\/\/:1234 /);
    expect(output).toBe("unset unset\n");
    expect(world.read("bundle.pem")).toBe(authorities);
  });

  it("takes each value as text, or from the file that GitLab's type File names", async () => {
    const env = {
      SLIPWAY_SERVICE_CA: "-----BEGIN *\nA  B\n-----END",
      SLIPWAY_SERVICE_CONFIG: '[registry."docker.io"]\n  mirrors = ["mirror:5000"]',
      SLIPWAY_SERVICE_HTTPS_PROXY: "http://proxy.example.com:3128",
      SLIPWAY_SERVICE_NO_PROXY: "localhost, 10.0.0.0/8",
    };
    const output = `http://proxy.example.com:3128 localhost, 10.0.0.0/8\n${env.SLIPWAY_SERVICE_CONFIG}\n`;
    expect(await run(env)).toMatchObject({ code: 0, output });
    expect(world.read("bundle.pem")).toBe(`${authorities}${env.SLIPWAY_SERVICE_CA}\n`);

    const ca = world.write("ca.pem", "THE CA\n");
    const config = world.write("config.toml", `${env.SLIPWAY_SERVICE_CONFIG}\n`);
    const files = { ...env, SLIPWAY_SERVICE_CA: ca, SLIPWAY_SERVICE_CONFIG: config };
    expect(await run(files)).toMatchObject({ code: 0, output });
    expect(world.read("bundle.pem")).toBe(`${authorities}THE CA\n`);
  });

  it("waits for a file that the runner writes later, and says if it never does", async () => {
    const file = `${world.folder}/later.pem`;
    world.stub("sleep", `echo LATER >'${file}'`);
    expect(await run({ SLIPWAY_SERVICE_CA: file })).toMatchObject({ code: 0 });
    expect(world.read("bundle.pem")).toBe(`${authorities}LATER\n`);

    world.stub("sleep");
    expect(await run({ SLIPWAY_SERVICE_CA: "/builds/never" })).toMatchObject({
      code: 1,
      output:
        "The runner did not share the file /builds/never with this service: give the CI/CD variable the type Variable.\n",
    });
  });

  it("ignores names of variables that the project does not have", async () => {
    await run({ SLIPWAY_SERVICE_CA: "$SLIPWAY_CA_CERTIFICATE" });
    expect(world.read("bundle.pem")).toBe(authorities);
  });
});

describe("the Docker engine's service", () => {
  it("gets the proxy, and no name of a variable that the project does not have", async () => {
    world.stub("dockerd-entrypoint.sh", 'echo "${HTTP_PROXY-unset} ${NO_PROXY-unset}"');
    const ended = await world.bash(`exec sh '${world.write("service.sh", readService("dind"))}'`, {
      SLIPWAY_SERVICE_HTTP_PROXY: "$HTTP_PROXY",
      SLIPWAY_SERVICE_NO_PROXY: "localhost, ::1",
    });
    expect(ended).toMatchObject({ code: 0, output: "unset localhost, ::1\n" });
  });
});

describe("GitLab's scanner", () => {
  it.each([
    ["text", () => "THE CA"],
    ["a file, as GitLab's type File", () => world.write("variable", "THE CA")],
  ])("gets the CA's certificate itself when the variable is %s", async (_type, value) => {
    const [, text] = readFileSync(join(templates, "scanner", "gitlab.yml"), "utf8").split("---\n");
    const { container_scanning: job } = parse(text, { customTags: [reference] }) as {
      container_scanning: { before_script: string[] };
    };
    const script = `${job.before_script.join("\n")}\necho "$ADDITIONAL_CA_CERT_BUNDLE"`;
    const { output } = await world.bash(script, { SLIPWAY_CA_CERTIFICATE: value() });
    expect(output).toBe("THE CA\n");
  });
});

const reference: CollectionTag = { tag: "!reference", collection: "seq" };
