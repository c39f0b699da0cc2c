import { statusesFor } from "../support/everyCaller";
import { World, type Answer } from "../support/world";

const world = new World();
beforeAll(() => world.start());
afterAll(() => world.stop());

const site = "/projects/web%2Fgatsby-site/variables";
const group = "/groups/web/variables";

let keys = 0;

const post = (fields: object, path = site): Promise<Answer> =>
  world.api(path, { method: "POST", as: "owner", json: { value: "v", ...fields } });

async function create(fields: object = {}, path = site): Promise<string> {
  const key = `KEY_${++keys}`;
  expect(await post({ key, ...fields }, path)).toMatchObject({ status: 201 });
  return key;
}

const put = (key: string, json: object): Promise<Answer> =>
  world.api(`${site}/${key}`, { method: "PUT", as: "maintainer", json });

describe("CI variables", () => {
  const project = [401, 404, 403, 403, 403, 200, 200, 200];
  const ofGroup = [401, 404, 403, 403, 403, 403, 200, 200];
  const open = [401, 403, 403, 403, 403, 200, 200, 200];
  const with_ = (statuses: number[], success: number): number[] =>
    statuses.map((status) => (status === 200 ? success : status));

  // nobody, stranger, guest, reporter, developer, maintainer, owner, admin
  it.each<[string, string, number[]]>([
    ["list", site, project],
    ["get", site, project],
    ["create", site, with_(project, 201)],
    ["update", site, project],
    ["delete", site, with_(project, 204)],
    ["list", group, ofGroup],
    ["create", group, with_(ofGroup, 201)],
    ["list", "/projects/open%2Fpublic/variables", open],
  ])("%s at %s: %j", async (endpoint, path, statuses) => {
    const found = await statusesFor(async (as) => {
      if (endpoint === "list") return world.api(path, { as });
      if (endpoint === "create") {
        const json = { key: `OF_${as}`, value: "v" };
        return world.api(path, { method: "POST", as, json });
      }
      const one = `${path}/${await create({}, path)}`;
      if (endpoint === "get") return world.api(one, { as });
      if (endpoint === "delete") return world.api(one, { method: "DELETE", as });
      return world.api(one, { method: "PUT", as, json: { value: "w" } });
    });

    expect(found).toEqual(statuses);
  });

  it.each([site, group])("at %s have a value that comes back", async (path) => {
    const key = await create({ value: "hunter2" }, path);
    const variable = {
      variable_type: "env_var",
      key,
      value: "hunter2",
      hidden: false,
      protected: false,
      masked: false,
      raw: false,
      environment_scope: "*",
      description: null,
    };

    expect((await world.api(`${path}/${key}`, { as: "owner" })).body).toEqual(variable);
    expect((await world.api(`${path}?per_page=100`, { as: "owner" })).body).toContainEqual(
      variable,
    );
  });

  it("are changed but for their key", async () => {
    const key = await create();
    const fields = {
      value: "long-enough",
      variable_type: "file",
      protected: true,
      masked: true,
      raw: true,
      environment_scope: "review/*",
      description: "d",
    };

    expect(await put(key, { key: "OTHER", ...fields })).toMatchObject({
      status: 200,
      body: { key, ...fields },
    });
    expect(await put(key, {})).toMatchObject({ status: 200, body: { key, ...fields } });
  });

  it("that are hidden never show their value, nor stop being masked", async () => {
    const key = await create({ value: "hidden-value", masked_and_hidden: true });
    const path = `${site}/${key}`;

    const answers = [
      await world.api(path, { as: "owner" }),
      await world.api(`${site}?per_page=100`, { as: "owner" }),
      await put(key, { description: "d" }),
    ];
    for (const { text } of answers) expect(text).not.toContain("hidden-value");
    expect(answers[0].body).toMatchObject({ value: null, hidden: true, masked: true });
    expect(await put(key, { masked: false })).toMatchObject({
      status: 400,
      body: {
        message: {
          base: ["The visibility setting cannot be changed for masked and hidden variables."],
        },
      },
    });
    expect(await put(key, { value: "another-value" })).toMatchObject({ status: 200 });
  });

  const letters = "can contain only letters, digits and '_'.";
  it.each<[object, unknown]>([
    [{ value: undefined }, { error: "key is missing, value is missing" }],
    [{ key: "A", variable_type: "x" }, { error: "variable_type does not have a valid value" }],
    [{ key: "A", masked: "x" }, { error: "masked is invalid" }],
    [{ key: "" }, { message: { key: ["can't be blank", letters] } }],
    [{ key: "a-b" }, { message: { key: [letters] } }],
    [{ key: "K".repeat(256) }, { message: { key: ["is too long (maximum is 255 characters)"] } }],
    [{ key: "A", masked: true, value: "short" }, { message: { value: ["is invalid"] } }],
    [{ key: "A", masked: true, value: "has spaces in" }, { message: { value: ["is invalid"] } }],
    [{ key: "A", masked: true, value: "dollars$$$" }, { message: { value: ["is invalid"] } }],
    [
      { key: "A", environment_scope: "a:b" },
      {
        message: {
          environment_scope: [
            "can contain only letters, digits, '-', '_', '/', '$', '{', '}', '.', '*' and spaces",
          ],
        },
      },
    ],
  ])("refuse %j", async (fields, body) => {
    const answer = await post(fields);

    expect({ status: answer.status, body: answer.body }).toEqual({ status: 400, body });
  });

  it("that are raw are masked with any characters but spaces", async () => {
    const fields = { key: "RAW", masked: true, raw: true, value: "dollars$$$" };

    expect(await post(fields)).toMatchObject({ status: 201 });
  });

  it("are told apart by their scope", async () => {
    const key = await create({ environment_scope: "production", value: "p" });
    await create({ key, environment_scope: "staging", value: "s" });
    const filter = (scope: string): string =>
      `${site}/${key}?filter[environment_scope]=${encodeURIComponent(scope)}`;
    const ambiguous = {
      status: 409,
      body: {
        message:
          "There are multiple variables with provided parameters. Please use 'filter[environment_scope]'",
      },
    };

    expect(await post({ key, environment_scope: "staging" })).toMatchObject({
      status: 400,
      body: { message: { key: [`(${key}) has already been taken`] } },
    });
    for (const method of ["GET", "PUT", "DELETE"] as const) {
      expect(await world.api(`${site}/${key}`, { method, as: "owner" })).toMatchObject(ambiguous);
    }
    expect(await world.api(filter("staging"), { as: "owner" })).toMatchObject({
      status: 200,
      body: { value: "s" },
    });
    expect(
      await put(key, { value: "p2", filter: { environment_scope: "production" } }),
    ).toMatchObject({ status: 200, body: { value: "p2", environment_scope: "production" } });
    expect(await world.api(filter("none"), { as: "owner" })).toMatchObject({
      status: 404,
      body: { message: "404 Variable Not Found" },
    });
    expect(await world.api(filter("staging"), { method: "DELETE", as: "owner" })).toMatchObject({
      status: 204,
      text: "",
    });
    expect(await world.api(`${site}/${key}`, { as: "owner" })).toMatchObject({
      body: { value: "p2" },
    });
  });

  it("stay out of the log and the events, and outlive a restart", async () => {
    const key = await create({ value: "not-for-the-log" });
    await put(key, { value: "nor-this-one" });
    const events = JSON.stringify(await world.control.events());

    for (const value of ["not-for-the-log", "nor-this-one"]) {
      expect(events).not.toContain(value);
      expect(world.log.join("\n")).not.toContain(value);
    }
    await world.restart();
    expect(await world.api(`${site}/${key}`, { as: "owner" })).toMatchObject({
      body: { value: "nor-this-one" },
    });
  });

  it("don't open to a job", async () => {
    const { token } = await world.control.startJob({ project: "web/gatsby-site", user: "owner" });

    expect(await world.api(site, { headers: { "job-token": token } })).toMatchObject({
      status: 401,
    });
  });
});
