import { inSandbox } from "../../e2e/support/checkout";
import { ofProject } from "../../e2e/support/gitlab";
import { readPullSecret } from "./inCluster";
import { listTokens, revokeTokens } from "./onGitLab";
import type { TestStack } from "./stack";
import type { World } from "./world";

const minuteMs = 60_000;
const pullSecret = "gitlab-registry";

/** Tokens that somebody revoked in GitLab, or that have ended. Moves the clock: comes last. */
export function testEnd(world: World): void {
  const stacks: Record<string, TestStack> = {};

  beforeAll(async () => {
    for (const name of ["revoked", "ended", "refreshed"]) {
      stacks[name] = await world.createStack(name);
      await stacks[name].up();
    }
  }, 10 * minuteMs);

  const revoke = async (stack: TestStack): Promise<void> =>
    expect(await revokeTokens(world.gitlab, ofProject, stack.tokenPrefix)).toBe(3);
  const expectGone = async (stack: TestStack): Promise<void> => {
    expect(await stack.resources()).toEqual([]);
    expect(await listTokens(world.gitlab, ofProject, stack.tokenPrefix)).toEqual([]);
    const left = await inSandbox(
      `kubectl get namespace gatsby-site-${stack.name} --ignore-not-found`,
    );
    expect(left).toBe("");
  };

  it(
    "by somebody's hand, are made again by the update after a refresh",
    async () => {
      const { revoked } = stacks;
      const namespace = "gatsby-site-revoked";
      await revoke(revoked);
      const { problem } = await world.pull(namespace, { pullSecret });
      expect(problem).toMatch(/401|403|authorization/);
      const failed = await revoked.attempt("npx slipway up revoked --yes -- --skip-preview");
      expect(failed.code).toBe(1);
      expect(failed.output).toContain(
        "For tokens that the stack created, run `pulumi refresh` and then the update again, which creates new ones.",
      );
      await revoked.run("pulumi refresh --stack revoked --yes --skip-preview");
      await revoked.up();

      const tokens = await listTokens(world.gitlab, ofProject, revoked.tokenPrefix);
      expect(tokens.map(({ name }) => name)).toEqual(
        ["pull-a", "pull-b", "push"].map((role) => revoked.tokenPrefix + role),
      );
      const { username } = await readPullSecret(world.cluster, namespace, pullSecret);
      const { problem: none, shown } = await world.pull(namespace, { pullSecret });
      expect({ none, shown }).toEqual({
        none: "",
        shown: [expect.stringContaining(`${username}, `)],
      });
    },
    5 * minuteMs,
  );

  it(
    "by somebody's hand, hinder no `pulumi destroy`",
    async () => {
      await revoke(stacks.revoked);
      await stacks.revoked.destroy();

      await expectGone(stacks.revoked);
    },
    5 * minuteMs,
  );

  it(
    "as they have ended, hinder neither `pulumi destroy` nor a refresh before it",
    async () => {
      await world.calendar.sleep();
      const now = world.calendar.at("");
      const { problem } = await world.pull("gatsby-site-ended", { pullSecret });
      expect(problem).toMatch(/401|403|authorization/);
      await stacks.ended.destroy(now);
      await expectGone(stacks.ended);

      await stacks.refreshed.run(`${now} pulumi refresh --stack refreshed --yes --skip-preview`);
      expect(await listTokens(world.gitlab, ofProject, stacks.refreshed.tokenPrefix)).toHaveLength(
        3,
      );
      await stacks.refreshed.destroy(now);
      await expectGone(stacks.refreshed);
    },
    5 * minuteMs,
  );
}
