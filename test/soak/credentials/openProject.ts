import { describePods, listPullSecrets } from "./inCluster";
import { changeOpenProject, listTokens, makeOpenProject, openProject } from "./onGitLab";
import type { TestStack } from "./stack";
import type { World } from "./world";

const minuteMs = 60_000;
const namespace = "gatsby-site-open";
const holder = `projects/${encodeURIComponent(openProject)}`;

/** Whether pods get a pull secret, by what the project and its registry say. */
export function testOpenProject(world: World): void {
  let stack: TestStack;
  let image: string;

  beforeAll(async () => {
    await makeOpenProject(world.gitlab);
    stack = await world.createStack("open", { project: openProject, digest: undefined });
  }, 5 * minuteMs);

  const listRoles = async (): Promise<string[]> => {
    const tokens = await listTokens(world.gitlab, holder, stack.tokenPrefix);
    return tokens.map(({ name }) => name.slice(stack.tokenPrefix.length));
  };
  const expectSecret = async (): Promise<void> => {
    expect(await listPullSecrets(world.cluster, namespace)).toEqual(["gitlab-registry"]);
    expect(await listRoles()).toEqual(["pull-a", "pull-b", "push"]);
    expect(await describePods(world.cluster, namespace)).toEqual([
      expect.objectContaining({ pullSecrets: [{ name: "gitlab-registry" }] }),
    ]);
    const { problem, shown } = await world.pull(namespace, {
      image,
      pullSecret: "gitlab-registry",
    });
    expect({ problem, shown }).toEqual({
      problem: "",
      shown: [expect.stringMatching(/^slipway-gatsby-site-open-pull, deploy_token \d+$/)],
    });
  };

  it(
    "needs no pull secret: its pods pull as nobody",
    async () => {
      await stack.up();
      image = await stack.output("image");

      expect(image).toContain(`/${openProject}@`);
      expect(await listPullSecrets(world.cluster, namespace)).toEqual([]);
      expect(await listRoles()).toEqual(["push"]);
      expect(await describePods(world.cluster, namespace)).toEqual([
        expect.objectContaining({ pullSecrets: [] }),
      ]);
      expect(await world.pull(namespace, { image })).toEqual({ problem: "", shown: ["nobody"] });
      await stack.expectNoChanges();
    },
    10 * minuteMs,
  );

  it(
    "needs one where its registry is for members alone",
    async () => {
      await changeOpenProject(world.gitlab, { container_registry_access_level: "private" });
      expect((await world.pull(namespace, { image })).problem).toMatch(/401|403|authorization/);
      await stack.up();

      await expectSecret();
    },
    5 * minuteMs,
  );

  it(
    "loses it where the registry is opened again",
    async () => {
      await changeOpenProject(world.gitlab, { container_registry_access_level: "enabled" });
      await stack.up();

      expect(await listPullSecrets(world.cluster, namespace)).toEqual([]);
      expect(await listRoles()).toEqual(["push"]);
    },
    5 * minuteMs,
  );

  it(
    "may become private after an update with `always`, and `auto` then changes nothing",
    async () => {
      stack.configure({ pullSecret: "always" });
      await stack.up();
      await expectSecret();
      await changeOpenProject(world.gitlab, { visibility: "private" });

      await expectSecret();
      stack.configure({ pullSecret: undefined });
      await stack.expectNoChanges();
    },
    5 * minuteMs,
  );
}
