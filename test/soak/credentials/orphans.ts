import { ofProject } from "../../e2e/support/gitlab";
import { readPullSecret } from "./inCluster";
import { listTokens, revokeTokens } from "./onGitLab";
import type { World } from "./world";

const minuteMs = 60_000;
const namespace = "gatsby-site-forced2";

const own = ["slipway/gatsby-site/forced2/pull-a/7", "slipway/gatsby-site/forced2/push"];
const foreign = [
  "slipway/gatsby-site/forced2/push-backup",
  "slipway/gatsby-site/forced22/push",
  "slipway/gatsby-site/force/push",
  "slipway/gatsby-site/dev/push/7",
  "slipway/other-site/forced2/push",
  "slipway/web/gatsby-site/gatsby-site/forced2/push",
];

/** Deploy tokens of the project that look like a stack's, and others that nearly do. */
export function testOrphans(world: World): void {
  it(
    "lists and prunes the orphans of the stack, and nobody else's tokens",
    async () => {
      for (const name of [...own, ...foreign]) await revokeTokens(world.gitlab, ofProject, name);
      const stack = await world.createStack("forced2");
      await stack.up();
      const known = await listTokens(world.gitlab, ofProject, stack.tokenPrefix);
      const before = await listTokens(world.gitlab, ofProject, "slipway/");
      for (const name of [...own, ...foreign]) {
        const args = { name, scopes: ["read_registry"] };
        await world.gitlab.api("POST", `/${ofProject}/deploy_tokens`, args);
      }

      const listed = await stack.attempt("npx slipway tokens forced2");
      expect(listed.code).toBe(0);
      expect(readTable(listed.output).sort()).toEqual([
        ...known.map(({ name }) => `known ${name}`),
        ...own.map((name) => `unknown ${name}`),
      ]);
      expect(listed.output).toContain(
        "If nothing uses them, revoke them: slipway tokens forced2 --prune",
      );

      const pruned = await stack.run("npx slipway tokens forced2 --prune --yes");
      expect(pruned.match(/^Revoked .*(?= \()/gm)).toEqual(own.map((name) => `Revoked ${name}`));
      const left = await listTokens(world.gitlab, ofProject, "slipway/");
      expect(left.map(({ name }) => name)).toEqual(
        [...before.map(({ name }) => name), ...foreign].sort(),
      );
      expect(left).toEqual(expect.arrayContaining(before));
      const { username } = await readPullSecret(world.cluster, namespace, "gitlab-registry");
      expect(await world.pull(namespace, { pullSecret: "gitlab-registry" })).toEqual({
        problem: "",
        shown: [expect.stringContaining(`${username}, `)],
      });
      await stack.expectNoChanges();
      for (const name of foreign) await revokeTokens(world.gitlab, ofProject, name);
    },
    10 * minuteMs,
  );
}

/** `state name` of every token in the table. */
function readTable(output: string): string[] {
  return [...output.matchAll(/ (known|unknown) +(\S+)$/gm)].map(
    ([, state, name]) => `${state} ${name}`,
  );
}
