import { tokenOf } from "./support/engine";
import { Gate } from "./support/latch";
import { config, image, inSmallestProject, install, start } from "./support/program";
import { FakeRegistry } from "./support/registry";

inSmallestProject();

describe("an update that is killed between two steps", () => {
  const [older, running, next, oldest] = ["0", "1", "2", "3"].map(
    (digit) => `sha256:${digit.repeat(64)}`,
  );
  const promote = {
    "gatsby-site:tier": "production",
    "gatsby-site:release": "promote",
    "gatsby-site:promoteFrom": "staging",
  };
  const stacks = {
    "organization/gatsby-site/staging": {
      outputs: { image: `${image}@${next}`, digest: next, tier: "staging" },
    },
    "organization/gatsby-site/prod": {
      outputs: {
        image: `${image}@${running}`,
        digest: running,
        previousDigest: older,
        keptDigests: [older, oldest],
      },
    },
  };

  beforeEach(() => {
    const login = { username: "slipway-gatsby-site-prod-push", password: tokenOf("registry-push") };
    const digests = [older, running, next, oldest].map((digest) => [digest, digest]);
    FakeRegistry.install(image, login).tags = Object.fromEntries(digests) as Record<string, string>;
  });
  afterEach(() => jest.restoreAllMocks());

  /** The tags and the Deployment's digest after that many steps, and the next step. */
  async function killAfter(steps: number, before: object, keepReleases: number) {
    const tags = { ...before, "previous-prod": older, "env-prod": running } as Record<
      string,
      string
    >;
    const world = { tags, deployed: running };
    const killed = new Gate();
    let done = 0;
    let step = "";
    const perform = async (name: string, effect: () => void): Promise<object> => {
      if (done === steps) {
        step = name;
        await killed.pass();
      }
      done++;
      effect();
      return {};
    };
    await install(
      { ...config, ...promote, "gatsby-site:keepReleases": String(keepReleases) },
      {
        stack: "prod",
        stacks,
        computed: {
          "docker-build:index:Index": ({ sources, tag }) => {
            const [name, digest] = [String(tag).split(":").at(-1) ?? "", String(sources)];
            return perform(name, () => (tags[name] = digest.split("@")[1]));
          },
          "kubernetes:apps/v1:Deployment": () =>
            perform("Deployment", () => (world.deployed = next)),
        },
      },
    );
    const outputs = await start();
    const finished = new Promise<void>((resolve) => {
      outputs.deployment.apply(() => resolve());
    });
    await Promise.race([killed.reached, finished]);
    return { world: structuredClone(world), step };
  }

  it.each([
    [0, "previous-prod", { "previous-prod": older, "env-prod": running }, running],
    [1, "env-prod", { "previous-prod": running, "env-prod": running }, running],
    [2, "Deployment", { "previous-prod": running, "env-prod": next }, running],
    [3, "", { "previous-prod": running, "env-prod": next }, next],
  ])("keeps what runs, by a tag, after %i steps", async (steps, step, tags, deployed) => {
    const killed = await killAfter(steps, {}, 0);

    expect(killed).toEqual({ step, world: { tags, deployed } });
    expect(Object.values(killed.world.tags)).toContain(killed.world.deployed);
  });

  it.each([
    [0, "kept-2-prod", [oldest, older, running]],
    [1, "previous-prod", [older, older, running]],
    [2, "env-prod", [older, running, running]],
    [3, "Deployment", [older, running, next]],
    [4, "", [older, running, next]],
  ])(
    "keeps the releases whose files the next pods serve after %i steps",
    async (steps, step, kept) => {
      const killed = await killAfter(steps, { "kept-2-prod": oldest }, 2);
      const {
        "kept-2-prod": second,
        "previous-prod": first,
        "env-prod": environment,
      } = killed.world.tags;

      expect([killed.step, second, first, environment]).toEqual([step, ...kept]);
      expect(kept).toEqual(expect.arrayContaining([older, running]));
    },
  );
});
