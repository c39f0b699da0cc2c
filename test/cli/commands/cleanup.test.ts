import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { cleanup, type CleanupOptions } from "../../../cli/commands/cleanup";
import { planCleanup, type Verdict } from "../../../cli/cleanup/plan";
import { GitLabClient } from "../../../cli/gitlab/client";
import { ContainerRegistry } from "../../../cli/gitlab/containerRegistry";
import { ensureRepository, pushImage, pushIndex } from "../../sandbox/gitlab/registry/support/push";
import { RealRegistry } from "../../sandbox/gitlab/registry/support/realRegistry";
import { tokenOf, type World } from "../../sandbox/gitlab/support/world";
import { FakeIo, type FakeStack } from "../../support/cli";

const site = "web/gatsby-site";
const dayMs = 86_400_000;
let registry: RealRegistry;
let world: World;
let cwd: string;
let io: FakeIo;

beforeEach(async () => {
  cwd = mkdtempSync(join(tmpdir(), "slipway-cli-"));
  writeFileSync(join(cwd, "Pulumi.yaml"), "name: gatsby-site\n");
  registry = new RealRegistry();
  world = registry.world;
  await registry.start();
}, 60_000);

afterEach(async () => {
  await registry.stop();
  rmSync(cwd, { recursive: true });
});

const push = async (tag: string, days: number, path = site): Promise<string> => {
  const created = new Date(world.now.getTime() - days * dayMs).toISOString();
  // The layer is the tag's own for tags that shall not share a digest.
  return (await pushImage(world.state.images, path, tag, { created, layers: [`${days}`] })).digest;
};

/** A stack that runs a digest. */
const running = (digest: string): FakeStack => ({
  outputs: { digest, image: `${registry.host}/${site}@${digest}` },
});

function prepare(policy: object | undefined, stacks: Record<string, FakeStack> = {}): void {
  const dev: FakeStack = {
    ...stacks.dev,
    config: {
      project: site,
      "gitlab:baseUrl": `${world.address}/api/v4/`,
      ...(policy && { cleanupPolicy: JSON.stringify(policy) }),
    },
  };
  io = new FakeIo({ ...stacks, dev });
  const offset = String((world.now.getTime() - Date.now()) / 1000);
  io.env = { GITLAB_TOKEN: tokenOf("maintainer"), SLIPWAY_CLOCK_OFFSET_SECONDS: offset };
}

const run = (options: Partial<CleanupOptions> = {}) =>
  cleanup({ cwd, apply: false, yes: false, without: [], ...options }, io);

const readPolicy = async () => {
  const { body } = await world.api("/projects/web%2Fgatsby-site", { as: "maintainer" });
  return (body as { container_expiration_policy: object }).container_expiration_policy;
};

/** What the simulator calls what the command calls otherwise. */
const verdicts: Partial<Record<Verdict, string>> = {
  "not to delete": "no match to delete",
  "to keep": "match to keep",
};

describe("slipway cleanup", () => {
  it("shows the policy, what a run would do and why, and what GitLab has", async () => {
    const old = await push("content-0123456789abcdef", 40);
    await push("main", 40);
    await push("env-dev", 40);
    await push("0123abcd", 50);
    await push("89abcdef-dirty", 2);
    await pushIndex(world.state.images, site, "v1.0.0");
    await ensureRepository(world, site);
    await push("layers", 90, `${site}/cache`);
    await ensureRepository(world, `${site}/cache`);
    prepare(undefined, { dev: running(old) });

    expect(await run()).toBe(false);
    expect(io.printed.join("\n")).toBe(`Cleanup policy of web/gatsby-site:
                 configured                                       in GitLab now
enabled          true                                             false
cadence          1d                                               the same
keepN            none                                             10
olderThan        30d                                              90d
nameRegexDelete  (?:content-[0-9a-f]{16}|[0-9a-f]{8}(?:-dirty)?)  .*
nameRegexKeep    (?:latest|v.+|env-.+|previous-.+|layers|cache)   none
A run now:
web/gatsby-site: 7 tags, 2 to delete
  delete 0123abcd (50 d), content-0123456789abcdef (40 d)
  keep 4: \`nameRegexDelete\` does not match
  keep 1: not older than \`olderThan\`
web/gatsby-site/cache: 1 tag, 0 to delete
  keep 1: \`nameRegexDelete\` does not match
\`dev\` runs ${old}, kept by env-dev, main.
GitLab has another policy. To set this one: slipway cleanup dev --apply`);
    expect(await readPolicy()).toMatchObject({ enabled: false, keep_n: 10 });
  });

  it.each([
    {},
    { keepN: 1, olderThan: "7d", nameRegexDelete: ".*", nameRegexKeep: "production-.*" },
    { keepN: 5, olderThan: "", nameRegexDelete: ".*", nameRegexKeep: "" },
    { nameRegexDelete: "dev-.*", olderThan: "14d" },
  ])("says of each tag what GitLab does with %j", async (policy) => {
    const ages = {
      latest: 99,
      "production-v1": 99,
      "dev-v1": 8,
      "dev-v2": 20,
      v44: 1,
      v43: 99,
      "0123abcd": 40,
    };
    for (const [tag, days] of Object.entries(ages)) await push(tag, days);
    await pushIndex(world.state.images, site, "index");
    const id = await ensureRepository(world, site);
    await world.api("/projects/web%2Fgatsby-site/registry/protection/tag/rules", {
      method: "POST",
      as: "maintainer",
      json: {
        tag_name_pattern: "^dev-v2$",
        minimum_access_level_for_push: "maintainer",
        minimum_access_level_for_delete: "maintainer",
      },
    });
    prepare(policy);
    await run({ apply: true, yes: true });

    const connection = { apiUrl: `${world.address}/api/v4`, token: tokenOf("maintainer") };
    const api = new ContainerRegistry(new GitLabClient(connection), site);
    const tags = await api.listTags({ id, path: site, status: null });
    const decisions = planCleanup(
      tags,
      await api.readPolicy(),
      await api.listProtectedPatterns(),
      world.now,
    );
    const [explained] = await world.control.explainCleanup(site);
    expect(
      Object.fromEntries(
        decisions.map(({ tag, verdict }) => [tag.name, verdicts[verdict] ?? verdict]),
      ),
    ).toEqual(Object.fromEntries(explained.tags.map(({ name, verdict }) => [name, verdict])));
  });

  it("sets the policy after asking, and asks nothing when GitLab has it", async () => {
    prepare({ cadence: "7d", keepN: 10 });

    expect(await run({ apply: true })).toBe(true);
    expect(io.questions).toEqual(["Set this policy for web/gatsby-site?"]);
    expect(io.printed.at(-1)).toBe(
      "GitLab has this policy now. It runs every 7d, counted from now.",
    );
    expect(await readPolicy()).toMatchObject({
      enabled: true,
      cadence: "7d",
      keep_n: 10,
      older_than: "30d",
      name_regex: "(?:content-[0-9a-f]{16}|[0-9a-f]{8}(?:-dirty)?)",
      name_regex_delete: "(?:content-[0-9a-f]{16}|[0-9a-f]{8}(?:-dirty)?)",
      name_regex_keep: "(?:latest|v.+|env-.+|previous-.+|layers|cache)",
    });

    expect(await run({ apply: true })).toBe(true);
    expect(io.questions).toHaveLength(1);
    expect(io.printed.at(-1)).toBe("GitLab has this policy already.");
  });

  it("tells when GitLab took something else", async () => {
    prepare({});
    jest.spyOn(ContainerRegistry.prototype, "setPolicy").mockResolvedValueOnce();

    await expect(run({ apply: true, yes: true })).rejects.toThrow(
      "GitLab took the policy, but has something else as `enabled`, `keepN`, `olderThan`, `nameRegexDelete`, `nameRegexKeep`. Look at it under Settings > Packages and registries of the project.",
    );
  });

  it("sets nothing when the answer is no", async () => {
    prepare(undefined);
    io.answer = false;

    expect(await run({ apply: true })).toBe(false);
    expect(await readPolicy()).toMatchObject({ enabled: false });
  });

  it("switches a policy off, whatever the stacks run", async () => {
    prepare({ enabled: false }, { prod: { unreadable: "incorrect passphrase" } });

    expect(await run({ apply: true, yes: true })).toBe(true);
    expect(io.printed).toContain("It is off: nothing is deleted.");
  });

  it("refuses a policy that would delete the last tag of what a stack runs", async () => {
    const digest = await push("env-prod", 1);
    await push("content-1", 1);
    await ensureRepository(world, site);
    prepare({ nameRegexDelete: ".*", nameRegexKeep: "v.+" }, { prod: running(digest) });

    await expect(run({ apply: true, yes: true })).rejects.toMatchObject({
      name: "UserError",
      message: `The policy is refused:
  - \`prod\` runs ${digest} of \`web/gatsby-site\`, and its last tags would go, now or when they are old enough: content-1, env-prod. Keep one of them with \`nameRegexKeep\`, such as \`env-.+\`.`,
    });
    expect(await readPolicy()).toMatchObject({ enabled: false });
  });

  it("keeps what runs with one of its tags, and says what is another project's", async () => {
    const digest = await push("env-prod", 40);
    await push("main", 40);
    await ensureRepository(world, site);
    const elsewhere = { outputs: { digest, image: `${registry.host}/web/other@${digest}` } };
    prepare(
      { nameRegexDelete: ".*", nameRegexKeep: "env-.+" },
      { prod: running(digest), other: elsewhere },
    );

    expect(await run({ apply: true, yes: true })).toBe(true);
    expect(io.printed).toContain(`\`prod\` runs ${digest}, kept by env-prod.`);
    expect(io.printed).toContain(
      `\`other\` runs ${digest} of web/other, which is no repository of this project.`,
    );
  });

  it("says what no tag names any more", async () => {
    const digest = `sha256:${"a".repeat(64)}`;
    await push("main", 1);
    await ensureRepository(world, site);
    prepare({}, { prod: running(digest) });

    await run();
    expect(io.printed).toContain(
      `\`prod\` runs ${digest}, which no tag names that GitLab can read: no policy keeps or deletes it.`,
    );
  });

  it("refuses where a stack can't be read, unless it is left out", async () => {
    prepare({}, { prod: { unreadable: "incorrect passphrase" } });

    await expect(run({ apply: true, yes: true })).rejects.toThrow(`The policy is refused:
  - What \`prod\` runs can't be read. If nothing of it runs any more: --without prod
  \`pulumi stack output --json --stack prod\` failed:
    incorrect passphrase`);
    expect(await readPolicy()).toMatchObject({ enabled: false });
    await expect(run({ without: ["prod", "pord"] })).rejects.toThrow(
      '`--without` is "pord", which is no stack of this project. There are prod, dev.',
    );
    expect(await run({ apply: true, yes: true, without: ["prod"] })).toBe(true);
  });

  it("refuses where a stack does not say where its image is", async () => {
    prepare({}, { prod: { outputs: { digest: `sha256:${"a".repeat(64)}` } } });

    await expect(run()).rejects.toThrow(
      "What `prod` runs can't be read. If nothing of it runs any more: --without prod\n  Its output `image` names no repository.",
    );
  });

  it("finds everything that is wrong with a policy, its expressions too", async () => {
    prepare({ cadence: "2d", nameRegexDelete: "[", nameRegexKeep: "(?=v)" });

    await expect(run()).rejects.toThrow(
      `\`cleanupPolicy\` has \`cadence\`, which is "2d", which is not "1d", "7d", "14d", "1month" or "3month".
\`cleanupPolicy\` has \`nameRegexDelete\`, which is "[", not an RE2 expression: missing closing ].
\`cleanupPolicy\` has \`nameRegexKeep\`, which is "(?=v)", not an RE2 expression: invalid or unsupported Perl syntax.
It is in Pulumi.yaml, for all stacks.`,
    );
  });

  it("says what to do where GitLab refuses", async () => {
    prepare({});
    io.env.GITLAB_TOKEN = tokenOf("developer");

    const error = (await run({ apply: true, yes: true }).catch((cause: unknown) => cause)) as Error;
    expect(error).toMatchObject({ name: "UserError" });
    expect(error.message).toMatch(/status code 403: .*\n.*role Maintainer/);
    expect(error.message).not.toContain(tokenOf("developer"));
  });
});
