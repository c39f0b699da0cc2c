import type { World } from "../support/world";
import { pushAged } from "./support/agedImages";
import { RealRegistry } from "./support/realRegistry";

let registry: RealRegistry;
let world: World;
const site = "web/gatsby-site";
const project = "/projects/web%2Fgatsby-site";
const tickMs = 10;
let noon: Date;

beforeEach(async () => {
  registry = new RealRegistry();
  world = registry.world;
  noon = world.now;
  await registry.start({ gitlab: { scheduleMs: tickMs } });
}, 60_000);
afterEach(() => registry.stop());

const pushAll = (path: string, ages: Record<string, number>) => pushAged(world, path, ages);

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
      { details: { error: '"soon" is not an age.' } },
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
