import { readFileSync } from "node:fs";
import { join } from "node:path";

import { checkout } from "../../e2e/support/checkout";
import { ofProject, project } from "../../e2e/support/gitlab";
import { Load } from "../../e2e/support/load";
import { listOccurrences } from "../../e2e/support/secrets";
import { describePods, readPullSecret } from "./inCluster";
import { type DeployToken, listTokens, revokeTokens } from "./onGitLab";
import type { TestStack } from "./stack";
import type { World } from "./world";

const minuteMs = 60_000;
const namespace = "gatsby-site-given";
const pullSecret = "gitlab-registry";

/** A password for pods, as the stack's secret, and a job's token to push with. */
export function testExisting(world: World): void {
  let stack: TestStack;
  let reader: DeployToken & { token: string };
  /** All passwords that were used, and all that was said meanwhile. */
  const passwords: string[] = [];
  const said: Record<string, string> = {};

  /** What a job exports. */
  async function startJob(): Promise<string> {
    const { token } = await world.gitlab.control.startJob({ project, user: "maintainer" });
    passwords.push(token);
    return `export CI_REGISTRY_PASSWORD='${token}';`;
  }

  /** A job that has no access to GitLab's API. */
  const startBareJob = async (): Promise<string> => `unset GITLAB_TOKEN; ${await startJob()}`;

  async function useExisting(): Promise<void> {
    stack.configure({
      credentials: {
        push: { username: "gitlab-ci-token", passwordFrom: "CI_REGISTRY_PASSWORD" },
        pull: { username: reader.username },
      },
    });
    await stack.run(
      `printf %s '${reader.token}' | pulumi config set --stack given --path credentials.pull.password --secret`,
    );
  }

  beforeAll(async () => {
    // It builds, so that what pushes is seen to push.
    stack = await world.createStack("given", { digest: undefined });
    await revokeTokens(world.gitlab, ofProject, "reader");
    const args = { name: "reader", scopes: ["read_registry"] };
    reader = await world.gitlab.api("POST", `/${ofProject}/deploy_tokens`, args);
    passwords.push(reader.token);
  }, 5 * minuteMs);

  afterAll(async () => {
    await revokeTokens(world.gitlab, ofProject, "reader");
  });

  it.each([
    ["a variable that holds one", { username: "reader", passwordFrom: "CI_JOB_TOKEN" }],
    ["its user name", { username: "gitlab-ci-token", passwordFrom: "READER_PASSWORD" }],
  ])(
    "are refused for pods if they are a job's token by %s",
    async (_, credential) => {
      stack.configure({ credentials: { pull: credential } });
      const { code, output } = await stack.attempt(
        `export ${credential.passwordFrom}=secret; pulumi up --stack given --yes --skip-preview`,
      );

      expect(code).not.toBe(0);
      expect(output).toContain(
        "`credentials.pull` is the token of a CI job. It expires with the job, and then pods can't pull. Without it the stack creates a deploy token.",
      );
      expect(await stack.resources()).toEqual([]);
    },
    2 * minuteMs,
  );

  it(
    "make no deploy tokens, and need no access to GitLab's API",
    async () => {
      await useExisting();
      said["first update"] = await stack.up(await startBareJob());

      expect(said["first update"]).not.toContain("GITLAB_TOKEN");
      const types = (await stack.resources()).map(({ type }) => type);
      expect(types).toContain("docker-build:index:Image");
      expect(types.filter((type) => type.includes("DeployToken"))).toEqual([]);
      expect(await listTokens(world.gitlab, ofProject, stack.tokenPrefix)).toEqual([]);
      expect(await readPullSecret(world.cluster, namespace, pullSecret)).toEqual({
        username: reader.username,
        password: reader.token,
      });
      expect(
        await world.pull(namespace, { pullSecret, image: await stack.output("image") }),
      ).toEqual({ problem: "", shown: [`${reader.username}, deploy_token ${reader.id}`] });
    },
    10 * minuteMs,
  );

  it(
    "change nothing when the next job comes with another token",
    async () => {
      const job = await startBareJob();
      said.preview = await stack.expectNoChanges(job);
      expect(said.preview).toContain("unchanged");
      const preview = `${job} pulumi preview --stack given`;
      said["preview --json"] = await stack.run(`${preview} --json`);
      said["preview --diff"] = await stack.run(`${preview} --diff`);
    },
    3 * minuteMs,
  );

  it(
    "take turns with tokens of the stack's own, and nobody notices",
    async () => {
      const before = await describePods(world.cluster, namespace);
      const digest = await stack.output("digest");
      const load = await Load.start(world.cluster, {
        url: await stack.output("url"),
        namespace,
        image: await stack.output("image"),
        pullSecret,
      });
      try {
        stack.configure({ credentials: undefined });
        said["to tokens of its own"] = await stack.up();
        const made = await listTokens(world.gitlab, ofProject, stack.tokenPrefix);
        expect(made.map(({ name }) => name)).toEqual(
          ["pull-a", "pull-b", "push"].map((role) => stack.tokenPrefix + role),
        );
        const { password } = await readPullSecret(world.cluster, namespace, pullSecret);
        expect(password).not.toBe(reader.token);

        await useExisting();
        // GitLab's own token is there: with it the stack gives its tokens back.
        said["and back"] = await stack.up(await startJob());
        expect(await listTokens(world.gitlab, ofProject, stack.tokenPrefix)).toEqual([]);
      } finally {
        const { pods, ...report } = await load.stop();
        expect(report).toMatchObject({ failedRequests: [], failedPulls: [] });
        expect(pods).toBeGreaterThan(0);
      }
      expect(await describePods(world.cluster, namespace)).toEqual(before);
      expect(await stack.output("digest")).toBe(digest);
      expect(before).toHaveLength(1);
    },
    15 * minuteMs,
  );

  it(
    "are nowhere to be read, in any spelling",
    async () => {
      expect(new Set(passwords).size).toBe(4);
      const texts: Record<string, string> = {
        ...said,
        state: await stack.run("pulumi stack export --stack given"),
        outputs: await stack.run("pulumi stack output --json --stack given"),
        history: await stack.run("pulumi stack history --json --stack given"),
        "all that the backend keeps": await stack.run(
          'find "${PULUMI_BACKEND_URL#file://}" -type f -path "*given*" -exec cat {} +',
        ),
        configuration: readFileSync(join(checkout, "Pulumi.given.yaml"), "utf8"),
        manifests: await stack.run(
          `kubectl get deployments,replicasets,pods,serviceaccounts,configmaps,events --namespace ${namespace} --output yaml`,
        ),
        logs: await stack.run("cat .sandbox/test/log/*.log"),
      };
      const found = Object.entries(texts).map(([name, text]) => ({
        name,
        isEmpty: text === "",
        found: listOccurrences(text, passwords),
      }));
      expect(found).toEqual(
        Object.keys(texts).map((name) => ({ name, isEmpty: false, found: [] })),
      );
    },
    2 * minuteMs,
  );
}
