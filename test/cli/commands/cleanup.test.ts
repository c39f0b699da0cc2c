import { planCleanup, type Verdict } from "../../../cli/cleanup/plan";
import { GitLabClient } from "../../../cli/gitlab/client";
import { ContainerRegistry } from "../../../cli/gitlab/containerRegistry";
import { ensureRepository, pushIndex } from "../../sandbox/gitlab/registry/support/push";
import { tokenOf } from "../../sandbox/gitlab/support/world";
import { CleanupWorld, site } from "../cleanup/support/cleanupWorld";

let world: CleanupWorld;

beforeEach(async () => {
  world = await CleanupWorld.start();
}, 60_000);

afterEach(() => world.stop());

/** What the simulator calls what the command calls otherwise. */
const verdicts: Partial<Record<Verdict, string>> = {
  "not to delete": "no match to delete",
  "to keep": "match to keep",
};

describe("slipway cleanup", () => {
  it("shows the policy, what a run would do and why, and what GitLab has", async () => {
    const old = await world.push("content-0123456789abcdef", 40);
    await world.push("main", 40);
    await world.push("env-dev", 40);
    await world.push("0123abcd", 50);
    await world.push("89abcdef-dirty", 2);
    await pushIndex(world.gitlab.state.images, site, "v1.0.0");
    await ensureRepository(world.gitlab, site);
    await world.push("layers", 90, `${site}/cache`);
    await ensureRepository(world.gitlab, `${site}/cache`);
    world.prepare(undefined, { dev: world.running(old) });

    expect(await world.run()).toBe(false);
    expect(world.io.printed.join("\n")).toBe(`Cleanup policy of web/gatsby-site:
                 configured                                       in GitLab now
enabled          true                                             false
cadence          1d                                               the same
keepN            none                                             10
olderThan        30d                                              90d
nameRegexDelete  (?:content-[0-9a-f]{16}|[0-9a-f]{8}(?:-dirty)?)  .*
nameRegexKeep    (?:latest|v.+|env-.+|previous-.+|layers|cache)   none
What GitLab would delete now:
web/gatsby-site: 7 tags, 2 to delete
  delete 0123abcd (50 d), content-0123456789abcdef (40 d)
  keep 4: \`nameRegexDelete\` does not match
  keep 1: not older than \`olderThan\`
web/gatsby-site/cache: 1 tag, 0 to delete
  keep 1: \`nameRegexDelete\` does not match
\`dev\` runs ${old}, kept by env-dev, main.
GitLab has a different policy. To set this one: slipway cleanup dev --apply`);
    expect(await world.readPolicy()).toMatchObject({ enabled: false, keep_n: 10 });
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
    for (const [tag, days] of Object.entries(ages)) await world.push(tag, days);
    await pushIndex(world.gitlab.state.images, site, "index");
    const id = await ensureRepository(world.gitlab, site);
    await world.gitlab.api("/projects/web%2Fgatsby-site/registry/protection/tag/rules", {
      method: "POST",
      as: "maintainer",
      json: {
        tag_name_pattern: "^dev-v2$",
        minimum_access_level_for_push: "maintainer",
        minimum_access_level_for_delete: "maintainer",
      },
    });
    world.prepare(policy);
    await world.run({ apply: true, yes: true, include: [site] });

    const connection = { apiUrl: `${world.gitlab.address}/api/v4`, token: tokenOf("maintainer") };
    const api = new ContainerRegistry(new GitLabClient(connection), site);
    const tags = await api.listTags({ id, path: site, status: null });
    const decisions = planCleanup(
      tags,
      await api.readPolicy(),
      await api.listProtectedPatterns(),
      world.gitlab.now,
    );
    const [explained] = await world.gitlab.control.explainCleanup(site);
    expect(
      Object.fromEntries(
        decisions.map(({ tag, verdict }) => [tag.name, verdicts[verdict] ?? verdict]),
      ),
    ).toEqual(Object.fromEntries(explained.tags.map(({ name, verdict }) => [name, verdict])));
  });

  it("sets the policy after asking, and asks nothing when GitLab has it", async () => {
    world.prepare({ cadence: "7d", keepN: 10 });

    expect(await world.run({ apply: true })).toBe(true);
    expect(world.io.questions).toEqual(["Set this policy for web/gatsby-site?"]);
    expect(world.io.printed.at(-1)).toBe(
      "GitLab has this policy now. It runs every 7d, counted from now.",
    );
    expect(await world.readPolicy()).toMatchObject({
      enabled: true,
      cadence: "7d",
      keep_n: 10,
      older_than: "30d",
      name_regex: "(?:content-[0-9a-f]{16}|[0-9a-f]{8}(?:-dirty)?)",
      name_regex_delete: "(?:content-[0-9a-f]{16}|[0-9a-f]{8}(?:-dirty)?)",
      name_regex_keep: "(?:latest|v.+|env-.+|previous-.+|layers|cache)",
    });

    expect(await world.run({ apply: true })).toBe(true);
    expect(world.io.questions).toHaveLength(1);
    expect(world.io.printed.at(-1)).toBe("GitLab has this policy already.");
  });

  it("fails if GitLab stored other values", async () => {
    world.prepare({});
    jest.spyOn(ContainerRegistry.prototype, "setPolicy").mockResolvedValueOnce();

    await expect(world.run({ apply: true, yes: true })).rejects.toThrow(
      "GitLab accepted the policy, but now has other values for `enabled`, `keepN`, `olderThan`, `nameRegexDelete`, `nameRegexKeep`. Look at the project's Settings > Packages and registries.",
    );
  });

  it("sets nothing when the answer is no", async () => {
    world.prepare(undefined);
    world.io.answer = false;

    expect(await world.run({ apply: true })).toBe(false);
    expect(await world.readPolicy()).toMatchObject({ enabled: false });
  });

  it("switches a policy off, whatever the stacks run", async () => {
    world.prepare({ enabled: false }, { prod: { unreadable: "incorrect passphrase" } });

    expect(await world.run({ apply: true, yes: true })).toBe(true);
    expect(world.io.printed).toContain("The policy is off: GitLab deletes nothing.");
  });

  it("keeps what runs with one of its tags, and says what is another project's", async () => {
    const digest = await world.push("env-prod", 40);
    await world.push("main", 40);
    await ensureRepository(world.gitlab, site);
    const elsewhere = { outputs: { digest, image: `${world.host}/web/other@${digest}` } };
    world.prepare(
      { nameRegexDelete: ".*", nameRegexKeep: "env-.+" },
      { prod: world.running(digest), other: elsewhere },
    );

    expect(await world.run({ apply: true, yes: true })).toBe(true);
    expect(world.io.printed).toContain(`\`prod\` runs ${digest}, kept by env-prod.`);
    expect(world.io.printed).toContain(
      `\`other\` runs ${digest} of web/other, which is not a repository of this project.`,
    );
  });

  it("refuses to delete the last tag of a release whose files a stack keeps", async () => {
    const digest = await world.push("env-prod", 40);
    const older = await world.push("kept-2-prod", 50);
    await ensureRepository(world.gitlab, site);
    const { outputs } = world.running(digest);
    const prod = { outputs: { ...outputs, keptDigests: [older] } };
    world.prepare({ nameRegexDelete: ".*", nameRegexKeep: "env-.+" }, { prod });

    await expect(world.run({ apply: true, yes: true })).rejects.toThrow(
      `\`prod\` keeps files of ${older} of \`${site}\`, and the policy would delete its last tags, now or when they are old enough: kept-2-prod. Keep one of them with \`nameRegexKeep\`, such as \`(?:previous|kept)-.+\`.`,
    );
    world.prepare({}, { prod });
    await world.run();
    expect(world.io.printed).toContain(`\`prod\` keeps files of ${older}, kept by kept-2-prod.`);
  });

  it("says what no tag names any more", async () => {
    const digest = `sha256:${"a".repeat(64)}`;
    await world.push("main", 1);
    await ensureRepository(world.gitlab, site);
    world.prepare({}, { prod: world.running(digest) });

    await world.run();
    expect(world.io.printed).toContain(
      `\`prod\` runs ${digest}. No tag that GitLab can read points to it, so no policy keeps or deletes it.`,
    );
  });
});
