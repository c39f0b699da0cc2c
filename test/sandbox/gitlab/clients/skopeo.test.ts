import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

import { ensureTools } from "../../../../sandbox/tools/ensure";
import { ensureRepository, pushImage, type Pushed } from "../registry/support/push";
import { RealRegistry } from "../registry/support/realRegistry";
import { seed, tokenOf } from "../support/world";

const registry = new RealRegistry();
const { world } = registry;
const site = "web/gatsby-site";
const password = "correct horse battery staple";
let program: string;
let image: Pushed;

beforeAll(async () => {
  const tools = await ensureTools(["skopeo"], { progress: "silent" });
  program = tools.get("skopeo")!.path;
  await registry.start({
    gitlab: {
      // The registry's clock is the machine's, so the tokens' must be.
      now: () => new Date(),
      seed: {
        ...seed,
        users: [
          ...seed.users!,
          { username: "typist", name: "Typist", password },
          { username: "careful", name: "Careful", password, twoFactor: true },
        ],
        members: [
          ...seed.members!,
          { username: "typist", role: "maintainer", group: "web" },
          { username: "careful", role: "maintainer", group: "web" },
        ],
      },
    },
  });
  image = await pushImage(world.state.images, site, "v1", { created: "2026-01-01T00:00:00Z" });
  await pushImage(world.state.images, "open/public", "v1");
  await ensureRepository(world, site);
}, 120_000);
afterAll(() => registry.stop());

interface Outcome {
  readonly status: number;
  readonly output: string;
}

async function skopeo(...args: readonly string[]): Promise<Outcome> {
  const [command = "", ...rest] = args;
  const child = spawn(program, ["--insecure-policy", command, ...rest], {
    env: { ...process.env, HOME: world.folder, XDG_RUNTIME_DIR: world.folder },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  }
  const [status] = (await once(child, "close")) as [number];
  return { status, output };
}

const address = (reference: string): string => `docker://${registry.host}/${reference}`;

/** `username:password` of each kind of credential. */
const credentials: Readonly<Record<string, () => Promise<string>>> = {
  "a maintainer's personal access token": () => Promise.resolve(`any:${tokenOf("maintainer")}`),
  "a developer's personal access token": () => Promise.resolve(`any:${tokenOf("developer")}`),
  "a reporter's personal access token": () => Promise.resolve(`any:${tokenOf("reporter")}`),
  "a token that only reads": () => Promise.resolve(`any:${tokenOf("owner", "read_registry")}`),
  "a stranger's personal access token": () => Promise.resolve(`any:${tokenOf("stranger")}`),
  "a password": () => Promise.resolve(`typist:${password}`),
  "a password beside a second factor": () => Promise.resolve(`careful:${password}`),
  "the project's deploy token": () =>
    createDeployToken("projects/web%2Fgatsby-site", ["read_registry", "write_registry"]),
  "the project's deploy token that only reads": () =>
    createDeployToken("projects/web%2Fgatsby-site", ["read_registry"]),
  "the group's deploy token": () =>
    createDeployToken("groups/web", ["read_registry", "write_registry"]),
  "another project's deploy token": () =>
    createDeployToken("projects/closed%2Flone", ["read_registry", "write_registry"]),
  "a job's token": () =>
    Promise.resolve(
      `gitlab-ci-token:${
        world.state.jobs.create({
          pipelineId: 1,
          project: world.state.namespaces.findProject(site)!,
          user: world.state.users.findByUsername("developer")!,
          name: "build",
          stage: "build",
        }).value
      }`,
    ),
};

async function createDeployToken(holder: string, scopes: string[]): Promise<string> {
  const { username, token } = await world.createDeployToken(holder, { name: "skopeo", scopes });
  return `${username}:${token}`;
}

const forbidden = "Requesting bearer token: invalid status code from registry 403 (Forbidden)";
const nothing = { login: true, list: false, inspect: false, copy: false, delete: false };
const reads = { ...nothing, list: true, inspect: true };
const writes = { ...reads, copy: true };

describe("skopeo", () => {
  it.each([
    ["a maintainer's personal access token", { ...writes, delete: true }],
    ["a developer's personal access token", writes],
    ["a reporter's personal access token", reads],
    ["a token that only reads", reads],
    ["a stranger's personal access token", nothing],
    ["a password", { ...writes, delete: true }],
    ["a password beside a second factor", { ...nothing, login: false }],
    ["the project's deploy token", writes],
    ["the project's deploy token that only reads", reads],
    ["the group's deploy token", writes],
    ["another project's deploy token", nothing],
    // It asks for `*`, which a job is never given, and then, as the registry says, for `delete`.
    ["a job's token", { ...writes, delete: true }],
  ])(
    "with %s: %j",
    async (kind, expected) => {
      const login = await credentials[kind]();
      const [username = "", secret = ""] = login.split(/:(.*)/s);
      const tls = "--tls-verify=false";
      const authfile = join(world.folder, "auth.json");
      const target = address(`${site}:copied`);
      await pushImage(world.state.images, site, "doomed", { created: new Date().toISOString() });

      const outcomes = {
        login: await skopeo(
          "login",
          tls,
          "--authfile",
          authfile,
          "-u",
          username,
          "-p",
          secret,
          registry.host,
        ),
        list: await skopeo("list-tags", tls, "--creds", login, address(site)),
        inspect: await skopeo("inspect", tls, "--creds", login, address(`${site}:v1`)),
        copy: await skopeo(
          "copy",
          "--preserve-digests",
          ...[
            "--src-tls-verify=false",
            "--dest-tls-verify=false",
            "--src-creds",
            login,
            "--dest-creds",
            login,
          ],
          address(`${site}:v1`),
          target,
        ),
        delete: await skopeo("delete", tls, "--creds", login, address(`${site}:doomed`)),
      };

      const succeeded = Object.entries(outcomes).map(([name, { status }]) => [name, status === 0]);
      expect(Object.fromEntries(succeeded)).toEqual(expected);
      const { status, output: described } = outcomes.inspect;
      const digest =
        status === 0 ? (JSON.parse(described) as { Digest: string }).Digest : undefined;
      expect(digest).toBe(expected.inspect ? image.digest : undefined);
      for (const { output } of Object.values(outcomes)) expect(output).not.toContain(secret);
    },
    60_000,
  );

  it("shows nobody what is public, and nothing else", async () => {
    const inspect = (reference: string) =>
      skopeo("inspect", "--tls-verify=false", "--no-creds", address(reference));

    expect(await inspect("open/public:v1")).toMatchObject({ status: 0 });
    expect(await inspect(`${site}:v1`)).toMatchObject({
      status: 1,
      output: expect.stringContaining(forbidden) as string,
    });
  });

  it("copies from a project to another with one token, and mounts what is in both", async () => {
    const creds = `any:${tokenOf("owner")}`;

    const outcome = await skopeo(
      "copy",
      "--preserve-digests",
      ...[
        "--src-tls-verify=false",
        "--dest-tls-verify=false",
        "--src-creds",
        creds,
        "--dest-creds",
        creds,
      ],
      address(`${site}:v1`),
      address("web/inner/deep:v1"),
    );

    expect(outcome).toMatchObject({ status: 0 });
    expect(await world.state.images.findManifest("web/inner/deep", "v1")).toMatchObject({
      digest: image.digest,
    });
  });

  it("says with which status it was denied, and GitLab's words only for 401", async () => {
    const push = (creds: string) =>
      skopeo(
        "copy",
        ...[
          "--src-tls-verify=false",
          "--dest-tls-verify=false",
          "--src-creds",
          creds,
          "--dest-creds",
          creds,
        ],
        address("open/public:v1"),
        address(`${site}/protected:v1`),
      );
    await world.api("/projects/web%2Fgatsby-site/registry/protection/repository/rules", {
      method: "POST",
      as: "maintainer",
      json: {
        repository_path_pattern: `${site}/protected`,
        minimum_access_level_for_push: "owner",
      },
    });

    const outputs = {
      unknown: (await push("any:glpat-unknown")).output,
      forbidden: (await push(`any:${tokenOf("owner", "read_user")}`)).output,
      protected: (await push(`any:${tokenOf("developer")}`)).output,
    };

    expect(outputs).toEqual({
      unknown: expect.stringContaining("HTTP Basic: Access denied.") as string,
      forbidden: expect.stringContaining(forbidden) as string,
      protected: expect.stringContaining(forbidden) as string,
    });
  });
});
