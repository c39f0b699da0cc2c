import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { status } from "../../../cli/commands/status";
import type { Overview } from "../../../cli/status/overview";
import { ensureRepository } from "../../sandbox/gitlab/registry/support/push";
import { ended, type FakeStack } from "../../support/cli";
import { CleanupWorld, site } from "../cleanup/support/cleanupWorld";
import { createStack, listObjects } from "../status/support/stacks";

let world: CleanupWorld;
let old: string;
let next: string;
let repository: string;

beforeAll(async () => {
  world = await CleanupWorld.start();
  repository = `${world.host}/${site}`;
  old = await world.push("env-staging", 3);
  next = await world.push("env-dev", 1);
  await world.push("main", 1);
  await ensureRepository(world.gitlab, site);
  await world.gitlab.api("/projects/web%2Fgatsby-site/environments", {
    method: "POST",
    as: "maintainer",
    json: { name: "staging" },
  });
}, 60_000);

afterAll(() => world.stop());

const commits = { dev: "bbbbbbbb", staging: "aaaaaaaa" };

/** Two stacks, of which `staging` takes what `dev` runs. */
function prepare(stacks: Record<string, FakeStack> = {}): void {
  const gitlab = { project: site, "gitlab:baseUrl": `${world.gitlab.address}/api/v4/` };
  const promote = { ...gitlab, release: "promote", promoteFrom: "dev" };
  const dev = { stack: "dev", repository, digest: next, commit: commits.dev };
  const staging = { stack: "staging", repository, digest: old, commit: commits.staging };
  const environment = {
    "ci.system": "GitLab CI/CD",
    "ci.build.id": "12",
    "ci.build.type": "push",
    "ci.build.url": "https://gitlab.test/web/gatsby-site/-/jobs/34",
  };
  world.prepare(undefined, {
    staging: withConfig(createStack({ ...staging, environment }), promote),
    ...stacks,
  });
  world.io.stacks.dev = withConfig(createStack(dev), gitlab);
  world.io.objects = listObjects([dev, staging]);
  const range = `${commits.staging}..${commits.dev}`;
  world.io.commits = { [range]: ["bbbbbbbb Say more"], [reverse(range)]: [] };
}

const reverse = (range: string): string => range.split("..").reverse().join("..");

/** The configuration is taken from the last update, since the folder has no file of the stack. */
function withConfig(stack: FakeStack, values: Record<string, string>): FakeStack {
  const config = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key.includes(":") ? key : `gatsby-site:${key}`,
      { value, secret: false },
    ]),
  );
  return { ...stack, history: stack.history?.map((one) => ({ ...one, config })) };
}

async function run(stacks: string[] = []): Promise<Overview["stacks"]> {
  const options = {
    cwd: world.cwd,
    stacks,
    json: true,
    short: false,
    color: false,
    isTerminal: false,
  };
  await status(options, world.io);
  return (JSON.parse(world.io.printed.join("\n")) as Overview).stacks;
}

describe("slipway status", () => {
  it("shows what each stack runs, as states, cluster, registry, GitLab and git have it", async () => {
    prepare();
    const [dev, staging, ...others] = await run();
    expect(others).toEqual([]);
    expect(dev).toEqual({
      stack: "dev",
      tier: "development",
      promoteFrom: null,
      pin: null,
      url: "https://dev.example.com",
      release: {
        digest: next,
        repository,
        version: "",
        commit: "bbbbbbbb",
        subject: null,
        author: null,
        authoredAt: null,
      },
      deployed: { at: "2027-01-01T10:00:00.500Z", ageSeconds: 7199, by: null, from: "", job: null },
      registry: {
        tags: ["main", "env-dev"],
        createdAt: "2026-12-31T12:00:00.000+00:00",
        page: `${world.gitlab.address}/web/gatsby-site/container_registry/1`,
      },
      pods: { ready: 1, wanted: 1, digests: [{ digest: next, pods: 1 }], waiting: [] },
      environment: null,
      tokens: [{ role: "pull", expiresAt: "2027-02-01T00:00:00Z", daysLeft: 30 }],
      promotion: null,
      drift: [],
      problems: [],
    });
    expect(staging).toMatchObject({
      deployed: {
        from: "pipeline 12 (push)",
        job: "https://gitlab.test/web/gatsby-site/-/jobs/34",
      },
      registry: { tags: ["env-staging"] },
      environment: {
        name: "staging",
        page: `${world.gitlab.address}/web/gatsby-site/-/environments/1`,
      },
      promotion: {
        from: "dev",
        isBehind: true,
        isKnown: true,
        added: ["bbbbbbbb Say more"],
        removed: [],
      },
    });
  });

  it("shows the named stacks, and still compares them with where their releases come from", async () => {
    prepare();
    const staging = { stack: "staging", repository, digest: old };
    world.io.objects = listObjects([staging], "/namespaces/site-staging");
    const stacks = await run(["staging"]);
    expect(stacks.map(({ stack, promotion }) => [stack, promotion?.isBehind])).toEqual([
      ["staging", true],
    ]);
  });

  it("asks with as many processes as there are clusters, not stacks", async () => {
    prepare();
    await run();
    expect(world.io.captured.filter((line) => line.startsWith("kubectl"))).toEqual([
      "kubectl get --raw /apis/apps/v1/deployments?labelSelector=app%3Dgatsby-site --request-timeout 5s",
      "kubectl get --raw /api/v1/pods?labelSelector=app%3Dgatsby-site --request-timeout 5s",
    ]);
  });

  it("reports a stack, a cluster and a GitLab that do not answer, each by itself", async () => {
    prepare({ lost: { unreadable: "the backend refused:\n  try later" } });
    const capture = world.io.capture.bind(world.io);
    world.io.capture = (program, args) =>
      program === "kubectl"
        ? Promise.resolve(ended(1, "", "error: dial tcp 10.0.0.1:6443: i/o timeout\n"))
        : capture(program, args);
    world.io.env = { ...world.io.env, GITLAB_TOKEN: "glpat-not-a-token-12345" };

    const stacks = await run();
    expect(stacks.map(({ stack, problems }) => [stack, problems])).toEqual([
      ...["dev", "staging"].map((stack) => [
        stack,
        [
          { part: "cluster", reason: "dial tcp 10.0.0.1:6443: i/o timeout" },
          {
            part: "GitLab",
            reason: expect.stringMatching(
              /^Request failed with status code 401: GET http\S+\/environments: 401 Unauthorized /,
            ) as unknown,
          },
          {
            part: "registry",
            reason: expect.stringMatching(/^Request failed with status code 401: /) as unknown,
          },
        ],
      ]),
      [
        "lost",
        [
          {
            part: "stack",
            reason: "`pulumi stack export --stack lost` failed: the backend refused: try later",
          },
        ],
      ],
    ]);
    expect(world.io.printed.join("\n")).not.toContain("glpat-");
  });

  it("asks nothing of a sandbox that is stopped, whose programs have said so", async () => {
    prepare();
    // What the sandbox's `npx` sets.
    world.io.env = { ...world.io.env, SLIPWAY_STOPPED: "said" };
    const capture = world.io.capture.bind(world.io);
    world.io.capture = (program, args) => {
      expect(program).not.toBe("kubectl");
      return capture(program, args);
    };
    const stacks = await run(["dev"]);
    const reason = "It is stopped. To start it: make up";
    expect(stacks[0].problems).toEqual([{ part: "sandbox", reason }]);

    world.io.printed.length = 0;
    const text = { json: false, short: true, color: false, isTerminal: false };
    await status({ ...text, cwd: world.cwd, stacks: ["dev"] }, world.io);
    const [printed] = world.io.printed;
    expect(printed.split("\n").slice(2)).toEqual([
      "stack  release   digest    age  pods  token  state",
      `dev    bbbbbbbb  ${next.slice(7, 15)}  1 h  -     30 d   sandbox stopped`,
    ]);
  });

  it("names pods, a tag and an update that differ from the release", async () => {
    prepare();
    const other = "0".repeat(64);
    const running = { stack: "dev", repository, digest: `sha256:${other}` };
    world.io.objects = listObjects([running], "/namespaces/site-dev");
    const { dev } = world.io.stacks;
    world.io.stacks.dev = {
      ...dev,
      history: dev.history?.map((one) => ({ ...one, result: "failed" })),
    };
    await world.push("env-dev", 9);
    const [first] = await run(["dev"]);
    await world.push("env-dev", 1);
    expect(first.drift).toEqual([
      { kind: "update failed", text: "The last update failed." },
      { kind: "other pods", text: "1 pod runs another digest, 00000000." },
      { kind: "tag moved", text: "In the registry, `env-dev` points to another digest." },
    ]);
  });

  it("hides credentials that other programs print", async () => {
    prepare({
      lost: { unreadable: "https://jane:secret-word@state.example.com glpat-abcdefghijklmnop" },
    });
    const stacks = await run(["lost"]);
    expect(stacks[0].problems[0].reason).toBe(
      "`pulumi stack export --stack lost` failed: https://[secret]@state.example.com [secret]",
    );
  });

  it("writes a page, from which credentials are gone too", async () => {
    const password = `pass"word&<>'s`;
    prepare({ lost: { unreadable: `{"password":"${password}"} MY_TOKEN is ${password}` } });
    world.io.env = { ...world.io.env, MY_TOKEN: password };
    const html = join(world.cwd, "public", "status.html");
    const options = {
      cwd: world.cwd,
      stacks: ["lost"],
      json: false,
      short: false,
      color: false,
      isTerminal: false,
    };
    await status({ ...options, html }, world.io);
    expect(world.io.printed).toEqual([`Wrote ${html}.`]);
    const page = readFileSync(html, "utf8");
    expect(page).toContain("MY_TOKEN is [secret]");
    expect(page).not.toMatch(/pass.{1,6}word/);
    expect(readdirSync(join(world.cwd, "public"))).toEqual(["status.html"]);

    const taken = join(world.cwd, "Pulumi.yaml", "status.html");
    await expect(status({ ...options, html: taken }, world.io)).rejects.toThrow(
      `\`${taken}\` can't be written: `,
    );
  });

  it("shows it again until it is stopped, and goes on after an error", async () => {
    prepare();
    const stop = new AbortController();
    const watch = { watch: 0.01, isTerminal: true, signal: stop.signal };
    const print = world.io.print.bind(world.io);
    world.io.print = (text) => {
      print(text);
      if (world.io.printed.length === 1) world.io.stacks.staging = { unreadable: "gone" };
      if (world.io.printed.length === 2) world.io.isReadable = () => false;
      if (world.io.printed.length === 4) stop.abort();
    };
    const options = { cwd: world.cwd, stacks: [], json: false, short: true, color: false };
    await status({ ...options, ...watch }, world.io);
    expect(world.io.printed).toEqual([
      expect.stringContaining("\u001B[2J\u001B[3J\u001B[Hgatsby-site, "),
      expect.stringMatching(/staging .* unreachable/),
      "error: `pulumi stack ls --json` failed:\n  failed to load checkpoint: EOF",
      "error: `pulumi stack ls --json` failed:\n  failed to load checkpoint: EOF",
    ]);
  });

  it("refuses a stack that does not exist", async () => {
    prepare();
    await expect(run(["prod"])).rejects.toThrow(
      "`prod` is not a stack of project `gatsby-site`. Its stacks are: staging, dev.",
    );
  });
});
