import { ensureRepository } from "../../sandbox/gitlab/registry/support/push";
import { tokenOf } from "../../sandbox/gitlab/support/world";
import { CleanupWorld, site } from "../cleanup/support/cleanupWorld";

let world: CleanupWorld;

beforeEach(async () => {
  world = await CleanupWorld.start();
}, 60_000);

afterEach(() => world.stop());

describe("slipway cleanup", () => {
  it("lets no `--yes` replace another policy that is on, but a flag or an answer", async () => {
    world.prepare({ cadence: "7d" });
    await world.run({ apply: true });
    world.prepare({ cadence: "14d" });

    await expect(world.run({ apply: true, yes: true })).rejects.toMatchObject({
      name: "UserError",
      message: `\`--yes\` is not enough to set this policy. Look at what it would delete, and then run the command without \`--yes\`, or add the flags:
  - It replaces another policy, which is on in GitLab.
      --replace-policy`,
    });
    expect(await world.readPolicy()).toMatchObject({ enabled: true, cadence: "7d" });

    expect(await world.run({ apply: true, yes: true, replacePolicy: true })).toBe(true);
    expect(await world.readPolicy()).toMatchObject({ cadence: "14d" });

    world.prepare({ enabled: false });
    await expect(world.run({ apply: true, yes: true })).rejects.toThrow("--replace-policy");
    expect(await world.run({ apply: true })).toBe(true);
    expect(world.io.printed).toContain("It replaces another policy, which is on in GitLab.");
    expect(await world.readPolicy()).toMatchObject({ enabled: false });
  });

  it("lets no `--yes` apply the policy to images that no stack uses, but a flag or an answer", async () => {
    const digest = await world.push("env-prod", 40);
    const others = ["", "/cache", "/review", "/review/cache", "/api", "/tools/lint"];
    for (const name of others.slice(1)) await world.push("0123abcd", 40, `${site}${name}`);
    await world.push("1.0", 40, `${site}/api`);
    for (const name of others) await ensureRepository(world.gitlab, `${site}${name}`);
    world.prepare({}, { prod: world.running(digest) });
    const reasons = [
      "It applies to `web/gatsby-site/api` too, which no stack of this Pulumi project uses. By name, the policy can delete 1 of its 2 tags.",
      "It applies to `web/gatsby-site/tools/lint` too, which no stack of this Pulumi project uses. By name, the policy can delete 1 of its 1 tags.",
    ];

    await expect(world.run({ apply: true, yes: true, replacePolicy: true })).rejects.toMatchObject({
      message: `\`--yes\` is not enough to set this policy. Look at what it would delete, and then run the command without \`--yes\`, or add the flags:
  - ${reasons[0]}
      --include web/gatsby-site/api
  - ${reasons[1]}
      --include web/gatsby-site/tools/lint`,
    });
    const api = [`${site}/api`];
    await expect(world.run({ apply: true, yes: true, include: api })).rejects.toThrow("tools/lint");
    expect(await world.readPolicy()).toMatchObject({ enabled: false });

    expect(
      await world.run({ apply: true, yes: true, include: [...api, `${site}/tools/lint`] }),
    ).toBe(true);
    // GitLab has it now: a schedule that runs this finds nothing to ask.
    expect(await world.run({ apply: true, yes: true })).toBe(true);

    world.prepare({ olderThan: "90d" }, { prod: world.running(digest) });
    world.io.answer = false;
    expect(await world.run({ apply: true })).toBe(false);
    expect(world.io.printed).toEqual(expect.arrayContaining(reasons));
    expect(world.io.questions).toEqual(["Set this policy for web/gatsby-site?"]);
  });

  it("refuses a policy that would delete the last tag of what a stack runs", async () => {
    const digest = await world.push("env-prod", 1);
    await world.push("content-1", 1);
    await ensureRepository(world.gitlab, site);
    world.prepare({ nameRegexDelete: ".*", nameRegexKeep: "v.+" }, { prod: world.running(digest) });

    await expect(world.run({ apply: true, yes: true })).rejects.toMatchObject({
      name: "UserError",
      message: `The policy is refused:
  - \`prod\` runs ${digest} of \`web/gatsby-site\`, and the policy would delete its last tags, now or when they are old enough: content-1, env-prod. Keep one of them with \`nameRegexKeep\`, such as \`env-.+\`.`,
    });
    expect(await world.readPolicy()).toMatchObject({ enabled: false });
  });

  it("refuses where a stack can't be read, unless it is left out", async () => {
    world.prepare({}, { prod: { unreadable: "incorrect passphrase" } });

    await expect(world.run({ apply: true, yes: true })).rejects.toThrow(`The policy is refused:
  - What \`prod\` runs can't be read. If the stack runs nothing any more, leave it out: --without prod
  \`pulumi stack output --json --stack prod\` failed:
    incorrect passphrase`);
    expect(await world.readPolicy()).toMatchObject({ enabled: false });
    await expect(world.run({ without: ["prod", "pord"] })).rejects.toThrow(
      '`--without` is "pord", which is not a stack of this project. Its stacks are: prod, dev.',
    );
    expect(await world.run({ apply: true, yes: true, without: ["prod"] })).toBe(true);
  });

  it("refuses where a stack does not say where its image is", async () => {
    world.prepare({}, { prod: { outputs: { digest: `sha256:${"a".repeat(64)}` } } });

    await expect(world.run()).rejects.toThrow(
      "What `prod` runs can't be read. If the stack runs nothing any more, leave it out: --without prod\n  Its output `image` has no repository.",
    );
  });

  it("finds everything that is wrong with a policy, its expressions too", async () => {
    world.prepare({ cadence: "2d", nameRegexDelete: "[", nameRegexKeep: "(?=v)" });

    await expect(world.run()).rejects.toThrow(
      `\`cleanupPolicy.cadence\` is "2d", which is not "1d", "7d", "14d", "1month" or "3month".
\`cleanupPolicy.nameRegexDelete\` is "[", not an RE2 expression: missing closing ].
\`cleanupPolicy.nameRegexKeep\` is "(?=v)", not an RE2 expression: invalid or unsupported Perl syntax.
Change it in Pulumi.yaml, which has it for all stacks.`,
    );
  });

  it("says what to do where GitLab refuses", async () => {
    world.prepare({});
    world.io.env.GITLAB_TOKEN = tokenOf("developer");

    const error = (await world
      .run({ apply: true, yes: true })
      .catch((cause: unknown) => cause)) as Error;
    expect(error).toMatchObject({ name: "UserError" });
    expect(error.message).toMatch(/status code 403: .*\n.*role Maintainer/);
    expect(error.message).not.toContain(tokenOf("developer"));
  });
});
