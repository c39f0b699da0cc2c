import { inSandbox } from "../../e2e/support/checkout";
import { host, ofProject, project } from "../../e2e/support/gitlab";
import { describePods, readPullSecret } from "./inCluster";
import { type DeployToken, listTokens } from "./onGitLab";
import type { World } from "./world";

const minuteMs = 60_000;
const namespace = "gatsby-site-forced";
const pullSecret = "gitlab-registry";

/** Another `rotation`, and another once more. */
export function testForcedRotation(world: World): void {
  it(
    "leave three tokens and pods that pull each time; the first token is dead after the second",
    async () => {
      const stack = await world.createStack("forced", {
        pullSecretServiceAccounts: "default",
      });
      await stack.up();
      const used = [await readPullSecret(world.cluster, namespace, pullSecret)];
      const running = await describePods(world.cluster, namespace);
      for (const [rotation, rounds, alive] of [
        ["1", ["pull", "pull/1", "push/1"], [true, true]],
        ["2", ["pull/1", "pull/2", "push/2"], [false, true, true]],
      ] as const) {
        stack.configure({ rotation });
        await stack.up();

        const tokens = await listTokens(world.gitlab, ofProject, stack.tokenPrefix);
        expect(tokens.map(describeRound).sort()).toEqual(rounds);
        used.push(await readPullSecret(world.cluster, namespace, pullSecret));
        const inUse = tokens.find(({ name }) => name.includes("pull") && name.endsWith(rotation));
        const shown = [`${inUse?.username}, deploy_token ${inUse?.id}`];
        expect(await world.pull(namespace, { pullSecret })).toEqual({ problem: "", shown });
        // Of the namespace's account `default`, which has the secret for them.
        expect(await world.pull(namespace, {})).toEqual({ problem: "", shown });
        // The one before goes on: a node may just be pulling with it.
        expect(await Promise.all(used.map(opensRegistry))).toEqual(alive);
        await stack.expectNoChanges();
      }
      expect(new Set(used.map(({ password }) => password)).size).toBe(3);
      expect(new Set(used.map(({ username }) => username)).size).toBe(1);
      expect(await describePods(world.cluster, namespace)).toEqual(running);
      expect(running).toHaveLength(1);
    },
    10 * minuteMs,
  );
}

/** A token's role and round, whatever its slot, which goes by the calendar. */
function describeRound({ name }: DeployToken): string {
  const [, , , role = "", ...round] = name.split("/");
  return [role.replace(/-[ab]$/, ""), ...round].join("/");
}

async function opensRegistry(login: { username: string; password: string }): Promise<boolean> {
  const status = await inSandbox(
    `curl --silent --output /dev/null --write-out '%{http_code}' --cacert "$SSL_CERT_FILE" --user '${login.username}:${login.password}' 'https://${host}/jwt/auth?service=container_registry&scope=repository:${project}:pull'`,
  );
  if (!["200", "401"].includes(status)) throw new Error(`GitLab's answer was ${status}.`);
  return status === "200";
}
