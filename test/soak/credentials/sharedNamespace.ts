import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { inSandbox } from "../../e2e/support/checkout";
import { cloneElsewhere, elsewhere } from "../../e2e/support/elsewhere";
import { group, ofGroup, project } from "../../e2e/support/gitlab";
import { describePods, listEndpoints, listPullSecrets, readServiceAccount } from "./inCluster";
import { listTokens, revokeTokens } from "./onGitLab";
import type { TestStack } from "./stack";
import type { World } from "./world";

const minuteMs = 60_000;
const namespace = "shared";
const ours = "gitlab-registry-gatsby-site-one";
const others = "gitlab-registry-other-site-gatsby-site-one";

/** Two Pulumi projects with a stack of the same name, group deploy tokens, and an account of somebody else's. */
export function testSharedNamespace(world: World): void {
  let stack: TestStack;
  let other: TestStack;
  let account: string;
  const values = { namespace, group, pullSecretServiceAccounts: "batch" };
  const names = (prefix: string): string[] =>
    ["pull-a", "pull-b", "push"].map((role) => `slipway/${project}/${prefix}/one/${role}`);
  const namesOfTokens = async (): Promise<string[]> =>
    (await listTokens(world.gitlab, ofGroup, `slipway/${project}/`)).map(({ name }) => name);
  const entries = async (): Promise<string[]> =>
    (await readServiceAccount(world.cluster, namespace, "batch")).pullSecrets;
  const setEntries = (list: readonly string[]): Promise<string> =>
    inSandbox(
      `kubectl patch serviceaccount batch --namespace ${namespace} --type merge --patch '${JSON.stringify({ imagePullSecrets: list.map((name) => ({ name })) })}'`,
    );
  const expectPull = async (pod: object, username: string): Promise<void> =>
    expect(await world.pull(namespace, pod)).toEqual({
      problem: "",
      shown: [expect.stringMatching(new RegExp(`^${username}, deploy_token \\d+$`))],
    });

  beforeAll(async () => {
    stack = await world.createStack("one", { ...values, pullSecretServiceAccounts: "nobody" });
    await stack.run('pulumi config set --stack one --secret kubernetes:kubeconfig < "$KUBECONFIG"');
    // What a run that broke off has left: the group's tokens are this part's alone.
    await revokeTokens(world.gitlab, ofGroup, "slipway/");
    cloneElsewhere();
    const file = join(elsewhere, "Pulumi.yaml");
    writeFileSync(file, readFileSync(file, "utf8").replace(/^name: .*/, "name: other-site"));
    const place = { folder: elsewhere, project: "other-site" };
    other = await world.createStack("one", values, place);
    await inSandbox(
      `kubectl delete namespace ${namespace} --ignore-not-found && kubectl create namespace ${namespace} && kubectl create serviceaccount batch --namespace ${namespace}`,
    );
    await setEntries(["theirs"]);
    account = (await readServiceAccount(world.cluster, namespace, "batch")).uid;
  }, 10 * minuteMs);

  afterAll(async () => {
    await revokeTokens(world.gitlab, ofGroup, "slipway/");
    await inSandbox(`kubectl delete namespace ${namespace}`);
  }, 3 * minuteMs);

  it(
    "has no service account that is not there: the update says so",
    async () => {
      const { code, output } = await stack.attempt("pulumi up --stack one --yes --skip-preview");

      expect(code).not.toBe(0);
      expect(output).toContain(
        "There is no service account `nobody` in namespace `shared`. Create it, or take it out of `pullSecretServiceAccounts`.",
      );
    },
    3 * minuteMs,
  );

  it(
    "lets the pods of a service account pull that is there, beside what others gave it",
    async () => {
      stack.configure(values);
      await stack.up();

      expect(await entries()).toEqual(["theirs", ours]);
      await expectPull({ serviceAccount: "batch" }, "slipway-gatsby-site-one-pull");
      expect((await world.pull(namespace, {})).problem).toMatch(/401|403|authorization/);

      await setEntries(["theirs", ours, "more"]);
      await stack.expectNoChanges();
      await stack.run("pulumi refresh --stack one --yes --skip-preview");
      await stack.up();
      expect(await entries()).toEqual(["theirs", ours, "more"]);
    },
    10 * minuteMs,
  );

  it(
    "has our entry back after a refresh, when somebody took it out",
    async () => {
      await setEntries(["theirs", "more"]);
      await stack.run("pulumi refresh --stack one --yes --skip-preview");
      await stack.up();

      expect(await entries()).toEqual(["theirs", "more", ours]);
      const [line = ""] = (await inSandbox('cat "$KUBECONFIG"'))
        .split("\n")
        .sort((a, b) => b.length - a.length);
      expect(line.length).toBeGreaterThan(20);
      expect(await stack.run("pulumi stack export --stack one")).not.toContain(line.trim());
    },
    5 * minuteMs,
  );

  it(
    "has room for another project's stack of the same name",
    async () => {
      const before = await describePods(world.cluster, namespace, "gatsby-site-one");
      await other.up();

      expect(await namesOfTokens()).toEqual([...names("gatsby-site"), ...names("other-site")]);
      expect(await listPullSecrets(world.cluster, namespace)).toEqual([ours, others]);
      expect(await entries()).toEqual(["theirs", "more", ours, others]);
      await expectPull({ pullSecret: ours }, "slipway-gatsby-site-one-pull");
      await expectPull({ pullSecret: others }, "slipway-other-site-one-pull");
      expect(await describePods(world.cluster, namespace, "gatsby-site-one")).toEqual(before);
      // Each Service finds its own pod alone.
      const endpoints = await Promise.all(
        ["gatsby-site-one", "other-site-gatsby-site-one"].map((service) =>
          listEndpoints(world.cluster, namespace, service),
        ),
      );
      expect(endpoints.map((pods) => pods.length)).toEqual([1, 1]);
      expect(endpoints[0]).not.toEqual(endpoints[1]);
      for (const one of [stack, other]) {
        expect((await fetch(await one.output("url"))).status).toBe(200);
        await one.expectNoChanges();
      }
    },
    10 * minuteMs,
  );

  it(
    "loses no tokens of the other stack, nor of another project in the group, to `--prune`",
    async () => {
      const [orphan, ...kept] = [
        `slipway/${project}/gatsby-site/one/pull-b/7`,
        `slipway/${project}/other-site/one/push/7`,
        `slipway/${group}/other/gatsby-site/one/push`,
        "slipway/gatsby-site/one/push",
      ];
      for (const name of [orphan, ...kept]) {
        const args = { name, scopes: ["read_registry"] };
        await world.gitlab.api("POST", `/${ofGroup}/deploy_tokens`, args);
      }
      const output = await stack.run("npx slipway tokens one --prune --yes");

      expect(output.match(/^Revoked .*(?= \()/gm)).toEqual([`Revoked ${orphan}`]);
      const left = (await listTokens(world.gitlab, ofGroup, "slipway/")).map(({ name }) => name);
      expect(left).toEqual([...names("gatsby-site"), ...names("other-site"), ...kept].sort());
      await other.run("npx slipway tokens one --prune --yes");
      expect(await namesOfTokens()).toEqual([...names("gatsby-site"), ...names("other-site")]);
    },
    3 * minuteMs,
  );

  it(
    "keeps what is the first stack's when the other is destroyed",
    async () => {
      const before = await describePods(world.cluster, namespace, "gatsby-site-one");
      await other.destroy();

      expect(await describePods(world.cluster, namespace, "gatsby-site-one")).toEqual(before);
      expect(await describePods(world.cluster, namespace, "other-site-gatsby-site-one")).toEqual(
        [],
      );
      expect(await listPullSecrets(world.cluster, namespace)).toEqual([ours]);
      expect(await namesOfTokens()).toEqual(names("gatsby-site"));
      expect(await entries()).toEqual(["theirs", "more", ours]);
      await expectPull({ serviceAccount: "batch" }, "slipway-gatsby-site-one-pull");
      expect((await fetch(await stack.output("url"))).status).toBe(200);
    },
    5 * minuteMs,
  );

  it(
    "has the account without our entry once it is not configured, and after `pulumi destroy`",
    async () => {
      stack.configure({ pullSecretServiceAccounts: undefined });
      await stack.up();
      const left = { uid: account, pullSecrets: ["theirs", "more"] };
      expect(await readServiceAccount(world.cluster, namespace, "batch")).toEqual(left);

      stack.configure(values);
      await stack.up();
      expect(await entries()).toEqual(["theirs", "more", ours]);
      await stack.destroy();
      expect(await readServiceAccount(world.cluster, namespace, "batch")).toEqual(left);
      expect(await listPullSecrets(world.cluster, namespace)).toEqual([]);
      expect(await namesOfTokens()).toEqual([]);
    },
    5 * minuteMs,
  );
}
