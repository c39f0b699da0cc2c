import waitFor from "p-wait-for";

import { runDuePolicies, runPolicy } from "../../../../sandbox/gitlab/registry/policies";
import type { Answer, World } from "../support/world";
import { pushAged } from "./support/agedImages";
import { pushIndex } from "./support/push";
import { RealRegistry } from "./support/realRegistry";

let registry: RealRegistry;
let world: World;
const site = "web/gatsby-site";
const project = "/projects/web%2Fgatsby-site";
const tickMs = 10;
const dayMs = 86_400_000;
let noon: Date;

beforeEach(async () => {
  registry = new RealRegistry();
  world = registry.world;
  noon = world.now;
  await registry.start({ gitlab: { scheduleMs: tickMs } });
}, 60_000);
afterEach(() => registry.stop());

const pushAll = (path: string, ages: Record<string, number>) => pushAged(world, path, ages);

function setPolicy(attributes: object): Promise<Answer> {
  return world.api(project, {
    method: "PUT",
    as: "maintainer",
    json: { container_expiration_policy_attributes: attributes },
  });
}

const findProject = () => world.state.namespaces.findProject(site)!;

// The repository and policy of "Example cleanup policy workflow" in GitLab's documentation.
const example = {
  latest: 2 / 24,
  "production-v44": 3,
  "production-v43": 6,
  "production-v42": 11,
  "dev-v44": 2,
  "dev-v43": 5,
  "dev-v42": 10,
  v44: 1,
  v43: 12,
  v42: 20,
};
const examplePolicy = {
  enabled: true,
  cadence: "1d",
  keep_n: 1,
  older_than: "7d",
  name_regex_delete: ".*",
  name_regex_keep: "production-.*",
};

describe("a cleanup policy", () => {
  it("deletes exactly what GitLab's documentation says in its example", async () => {
    await pushAll(site, example);
    await setPolicy(examplePolicy);

    await world.control.runCleanup(site);

    const rest = await world.state.images.listTags(site);
    expect(Object.keys(example).filter((tag) => !rest.includes(tag))).toEqual([
      "dev-v42",
      "v43",
      "v42",
    ]);
    expect(rest).toHaveLength(7);
    expect(world.state.events.list({ action: "cleanup" })).toMatchObject([
      { actor: null, target: site, details: { deleted: ["dev-v42", "v42", "v43"] } },
    ]);
  });

  it("says for each tag why it would stay or go, and deletes none of them", async () => {
    await pushAll(site, example);
    await pushIndex(world.state.images, site, "index");
    await setPolicy(examplePolicy);

    const [decisions] = await world.control.explainCleanup(site);

    expect(Object.fromEntries(decisions.tags.map(({ name, verdict }) => [name, verdict]))).toEqual({
      latest: "latest",
      "production-v44": "match to keep",
      "production-v43": "match to keep",
      "production-v42": "match to keep",
      "dev-v44": "not old enough",
      "dev-v43": "not old enough",
      "dev-v42": "deleted",
      v44: "not old enough",
      v43: "deleted",
      v42: "deleted",
      // It has no date, so it counts as the newest.
      index: "no date",
      "index-of-index": "among the newest",
    });
    expect(await world.state.images.listTags(site)).toHaveLength(12);
  });

  it("runs by its cadence, at ten minutes to the hour", async () => {
    await pushAll(site, { old: 100, young: -3 });
    await setPolicy({ ...examplePolicy, cadence: "7d", keep_n: null });

    world.now = new Date(noon.getTime() + 6 * dayMs);
    await runDuePolicies(world.state);
    expect(await world.state.images.listTags(site)).toEqual(["old", "young"]);

    world.now = new Date(noon.getTime() + 7 * dayMs + 51 * 60_000);
    await waitFor(() => world.state.events.list({ action: "cleanup" }).length > 0, {
      interval: tickMs,
      timeout: 10_000,
    });
    await world.state.background.idle();

    expect(await world.state.images.listTags(site)).toEqual(["young"]);
    expect(world.state.cleanupPolicies.find(findProject()).nextRunAt).toBe(
      new Date(world.now.getTime() + 7 * dayMs).toISOString(),
    );
    const { body } = await world.api(`${project}/registry/repositories`, { as: "owner" });
    expect(body).toMatchObject([{ cleanup_policy_started_at: world.now.toISOString() }]);
  });

  it("that is off doesn't run", async () => {
    await pushAll(site, { old: 100 });
    await setPolicy({ ...examplePolicy, enabled: false });

    world.now = new Date(noon.getTime() + 100 * dayMs);
    await runDuePolicies(world.state);

    expect(await world.state.images.listTags(site)).toEqual(["old"]);
  });

  it("of a project without repositories is switched off, as GitLab does", async () => {
    await setPolicy(examplePolicy);
    const before = world.state.cleanupPolicies.find(findProject());

    await runDuePolicies(world.state);

    expect(world.state.cleanupPolicies.find(findProject())).toEqual({ ...before, enabled: false });
  });

  it("leaves every tag that a rule protects, whoever could delete it", async () => {
    await pushAll(site, { "v1.0": 100, "v1.0-rc": 100, dev: 100 });
    await setPolicy({ ...examplePolicy, keep_n: null });
    const rule = {
      tag_name_pattern: "^v1\\.0$",
      minimum_access_level_for_push: "maintainer",
      minimum_access_level_for_delete: "maintainer",
    };
    await world.api(`${project}/registry/protection/tag/rules`, {
      method: "POST",
      as: "maintainer",
      json: rule,
    });

    await runPolicy(world.state, findProject());

    expect(await world.state.images.listTags(site)).toEqual(["v1.0"]);
  });

  it("says so when the registry doesn't answer", async () => {
    await pushAll(site, { old: 100 });
    await setPolicy(examplePolicy);
    await registry.end();

    await expect(runPolicy(world.state, findProject())).rejects.toThrow(
      "The registry didn't answer to GET /v2/web/gatsby-site/tags/list.",
    );
  });
});
