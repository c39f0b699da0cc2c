import waitFor from "p-wait-for";

import { runDuePolicies, runPolicy } from "../../../../sandbox/gitlab/registry/policies";
import type { Answer, World } from "../support/world";
import { ensureRepository, pushImage, pushIndex } from "./support/push";
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

function ago(days: number): string {
  return new Date(world.now.getTime() - days * dayMs).toISOString();
}

/** Pushes images that were made so many days ago. */
async function pushAll(path: string, ages: Record<string, number>): Promise<string> {
  for (const [tag, days] of Object.entries(ages)) {
    await pushImage(world.state.images, path, tag, { created: ago(days) });
  }
  return `${project}/registry/repositories/${await ensureRepository(world, path)}`;
}

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

describe("DELETE of many tags", () => {
  const bulk = (
    url: string,
    rules: object,
    as: "maintainer" | "developer" | "admin" = "maintainer",
  ) => world.api(`${url}/tags`, { method: "DELETE", as, json: rules });

  it("goes on in the background, by the rules of the request", async () => {
    const url = await pushAll(site, {
      "dev-1": 1,
      "dev-2": 2,
      "dev-3": 3,
      "dev-4": 0.01,
      v1: 9,
      latest: 9,
    });

    const answer = await bulk(url, {
      name_regex_delete: "dev-.*",
      name_regex_keep: ".*-3",
      keep_n: 1,
      older_than: "1h",
    });
    await world.state.background.idle();

    expect(answer).toMatchObject({ status: 202 });
    expect(await world.state.images.listTags(site)).toEqual(["dev-3", "dev-4", "latest", "v1"]);
    expect(world.state.events.list({ action: "cleanup" })).toMatchObject([
      { actor: "maintainer", details: { deleted: ["dev-1", "dev-2"] } },
    ]);
  });

  it("still knows the parameter's old name", async () => {
    const url = await pushAll(site, { a: 1, b: 1 });

    await bulk(url, { name_regex: "a" });
    await world.state.background.idle();
    expect(await world.state.images.listTags(site)).toEqual(["b"]);
  });

  it("is allowed once an hour for a repository", async () => {
    const url = await pushAll(site, { a: 1, b: 1 });
    const other = await pushAll(`${site}/other`, { a: 1 });
    const refused = {
      status: 400,
      body: {
        message:
          "This request has already been made. You can run this at most once an hour for a given container repository",
      },
    };

    expect(await bulk(url, { name_regex_delete: "none" })).toMatchObject({ status: 202 });
    expect(await bulk(url, { name_regex_delete: "a" })).toMatchObject(refused);
    expect(await bulk(other, { name_regex_delete: "none" })).toMatchObject({ status: 202 });
    world.now = new Date(noon.getTime() + 3_599_999);
    expect(await bulk(url, { name_regex_delete: "a" })).toMatchObject(refused);
    world.now = new Date(noon.getTime() + 3_600_000);
    expect(await bulk(url, { name_regex_delete: "a" })).toMatchObject({ status: 202 });
    await world.state.background.idle();
    expect(await world.state.images.listTags(site)).toEqual(["b"]);
  });

  it("deletes nothing when its age is none", async () => {
    const url = await pushAll(site, { a: 1 });

    expect(await bulk(url, { name_regex_delete: ".*", older_than: "soon" })).toMatchObject({
      status: 202,
    });
    await world.state.background.idle();

    expect(await world.state.images.listTags(site)).toEqual(["a"]);
    expect(world.state.events.list({ action: "cleanup" })).toMatchObject([
      { details: { error: '"soon" is no age.' } },
    ]);
  });

  it("skips the tags that are protected from the caller", async () => {
    const url = await pushAll(site, { "for-owners": 1, free: 1 });
    await world.api(`${project}/registry/protection/tag/rules`, {
      method: "POST",
      as: "maintainer",
      json: {
        tag_name_pattern: "owners",
        minimum_access_level_for_push: "maintainer",
        minimum_access_level_for_delete: "owner",
      },
    });

    await bulk(url, { name_regex_delete: ".*" });
    await world.state.background.idle();

    expect(await world.state.images.listTags(site)).toEqual(["for-owners"]);
  });

  it.each([
    [{}, 400, "name_regex, name_regex_delete are missing, at least one parameter must be provided"],
    [{ name_regex_delete: "[" }, 400, "name_regex_delete is an invalid regexp: missing ]: ["],
    [
      { name_regex_delete: "(?=a)" },
      400,
      "name_regex_delete is an invalid regexp: invalid perl operator: (?=",
    ],
    [
      { name_regex_delete: "a", name_regex_keep: "*" },
      400,
      "name_regex_keep is an invalid regexp: no argument for repetition operator: *",
    ],
    [{ name_regex_delete: "a", keep_n: "many" }, 400, "keep_n is invalid"],
  ])("refuses %j", async (rules, status, error) => {
    const url = await pushAll(site, {});

    expect(await bulk(url, rules)).toMatchObject({ status, body: { error } });
  });

  it("is for maintainers", async () => {
    const url = await pushAll(site, {});

    expect(await bulk(url, { name_regex_delete: "a" }, "developer")).toMatchObject({ status: 403 });
  });
});
