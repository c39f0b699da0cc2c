import { generateKeyPairSync } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { startGitLab } from "../../../../sandbox/gitlab/server";
import type { RunningGitLab } from "../../../../sandbox/gitlab/server";
import { GitLabProvider } from "../../../../sandbox/plugins/gitlab/gitlab";
import { omit } from "../../../../sandbox/plugins/properties";
import type { JsonObject } from "../../../../sandbox/plugins/properties";
import { PluginClient } from "../support/pluginClient";

const TOKEN = "glpat-of-the-maintainer";
const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
const TYPE = "gitlab:index/projectDeployToken:ProjectDeployToken";
const GROUP_TYPE = "gitlab:index/groupDeployToken:GroupDeployToken";
const pull = { urn: "urn", type: TYPE, name: "pull" };
const inputs: JsonObject = {
  project: "web/gatsby-site",
  name: "slipway/gatsby-site/dev/pull",
  scopes: ["read_registry"],
  username: "slipway-pull",
  expiresAt: "2040-01-31T00:00:00Z",
};

describe("pulumi-resource-gitlab", () => {
  const data = fs.mkdtempSync(path.join(os.tmpdir(), "gitlab-plugin-"));
  let gitlab: RunningGitLab;
  let plugin: PluginClient;

  beforeAll(async () => {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    gitlab = await startGitLab({
      host: "127.0.0.1",
      port: 0,
      registry: "localhost:5050",
      signingKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      issuer: "gitlab-issuer",
      data,
      seed: {
        users: [
          {
            username: "owner",
            name: "The owner",
            personalAccessTokens: [{ name: "api", scopes: ["api"], value: TOKEN }],
          },
        ],
        groups: [{ path: "web" }],
        projects: [{ path: "web/gatsby-site" }],
        members: [{ username: "owner", role: "owner", group: "web" }],
      },
    });
  });

  afterAll(async () => {
    await gitlab.close();
    fs.rmSync(data, { recursive: true });
  });

  beforeEach(async () => {
    plugin = await PluginClient.start(() => new GitLabProvider());
    await configure();
  });

  afterEach(() => plugin.stop());

  const configure = (args: JsonObject = {}) =>
    plugin.call("Configure", {
      args: { baseUrl: gitlab.url, token: { ...SECRET, value: TOKEN }, ...args },
    });

  const create = async (request: JsonObject = pull, properties: JsonObject = inputs) =>
    (await plugin.call("Create", { ...request, properties })) as {
      id: string;
      properties: JsonObject;
    };

  it("makes a token whose value is secret, and keeps how its expiry was written", async () => {
    const { id, properties } = await create();

    expect(id).toMatch(/^web\/gatsby-site:\d+$/);
    expect(properties).toEqual({
      ...inputs,
      expired: false,
      revoked: false,
      token: { ...SECRET, value: expect.stringMatching(/^gldt-/) as string },
    });
  });

  it("tells who may see a project and pull its images", async () => {
    const answer = await plugin.call("Invoke", {
      tok: "gitlab:index/getProject:getProject",
      args: { pathWithNamespace: "web/gatsby-site" },
    });

    expect(answer.return).toMatchObject({
      id: expect.stringMatching(/^\d+$/) as string,
      pathWithNamespace: "web/gatsby-site",
      visibilityLevel: "private",
      containerRegistryAccessLevel: "enabled",
    });
  });

  it.each([
    ["gitlab:index/getProject:getProject", { pathWithNamespace: "web/none" }, /404 Project Not/],
    ["gitlab:index/getProject:getProject", {}, /needs `id` or `pathWithNamespace`/],
    ["gitlab:index/getGroup:getGroup", { id: "1" }, /is not offered by the stand-in/],
  ])("refuses %s of %j", async (tok, args, message) => {
    await expect(plugin.call("Invoke", { tok, args })).rejects.toThrow(message);
  });

  it("finds nothing to change in what it made, however the expiry is written", async () => {
    const { properties } = await create();
    const news = { ...inputs, expiresAt: "2040-01-31T01:00:00.000+01:00" };

    const answer = await plugin.call("Diff", {
      ...pull,
      id: "1",
      olds: properties,
      oldInputs: inputs,
      news,
    });

    expect(answer).toEqual({ changes: "DIFF_NONE", hasDetailedDiff: true });
  });

  it.each<[string, JsonObject]>([
    ["project", { project: "web/other" }],
    ["name", { name: "other" }],
    ["scopes", { scopes: ["read_registry", "write_registry"] }],
    ["username", { username: "other" }],
    ["expiresAt", { expiresAt: "2041-01-31T00:00:00Z" }],
  ])("replaces the token when its %s changes", async (property, change) => {
    const olds = {
      ...inputs,
      token: { ...SECRET, value: "gldt-1" },
      expired: false,
      revoked: false,
    };
    const news = { ...inputs, ...change };

    const answer = await plugin.call("Diff", { ...pull, id: "1", olds, oldInputs: inputs, news });

    expect(answer).toEqual({
      changes: "DIFF_SOME",
      replaces: [property],
      detailedDiff: { [property]: { kind: "UPDATE_REPLACE" } },
      hasDetailedDiff: true,
      ...(property !== "name" && { deleteBeforeReplace: true }),
    });
  });

  it("creates the new token first when the plugin chose the name", async () => {
    const unnamed = omit(inputs, ["name"]);
    const check = { ...pull, olds: {}, news: unnamed, randomSeed: "c2VlZA==" };
    const { inputs: checked } = (await plugin.call("Check", check)) as { inputs: JsonObject };
    const news = { ...checked, username: "other" };

    const diff = await plugin.call("Diff", {
      ...pull,
      id: "1",
      olds: checked,
      oldInputs: checked,
      news,
    });

    expect(checked).toEqual({
      ...unnamed,
      name: expect.stringMatching(/^pull-[0-9a-f]{7}$/) as string,
      __defaults: ["name"],
    });
    expect(diff).not.toHaveProperty("deleteBeforeReplace");
    expect(await plugin.call("Check", { ...check, olds: checked, randomSeed: "b3RoZXI=" })).toEqual(
      {
        inputs: checked,
      },
    );
  });

  it("reads a token without losing its value, and what somebody changed", async () => {
    const { id, properties } = await create();
    const olds = { ...properties, username: "before" };
    const known = { ...inputs, username: "before" };

    const answer = await plugin.call("Read", { ...pull, id, properties: olds, inputs: known });

    expect(answer).toEqual({ id, properties, inputs: { ...inputs, __defaults: [] } });
  });

  it("imports a token by its id", async () => {
    const { id } = await create();

    const answer = await plugin.call("Read", { ...pull, id, properties: {}, inputs: {} });

    expect(answer).toMatchObject({
      inputs: { ...inputs, expiresAt: "2040-01-31T00:00:00.000Z" },
      properties: { project: "web/gatsby-site", expired: false },
    });
    expect(answer.properties).not.toHaveProperty("token");
  });

  it("takes a token that is gone for gone, and removes it without an error", async () => {
    const { id, properties } = await create();

    await plugin.call("Delete", { ...pull, id, properties });

    expect(await plugin.call("Read", { ...pull, id, properties, inputs })).toEqual({});
    expect(await plugin.call("Delete", { ...pull, id, properties })).toEqual({});
  });

  it("makes, reads and removes a group's token", async () => {
    const rest = omit(inputs, ["project"]);
    const request = { ...pull, type: GROUP_TYPE };
    const { id, properties } = await create(request, { ...rest, group: "web" });

    expect(id).toMatch(/^web:\d+$/);
    expect(await plugin.call("Read", { ...request, id, properties, inputs: {} })).toMatchObject({
      inputs: { group: "web" },
    });
    await plugin.call("Delete", { ...request, id, properties });
    expect(await plugin.call("Read", { ...request, id, properties, inputs: {} })).toEqual({});
  });

  it("previews without asking GitLab, the token unknown", async () => {
    const answer = await plugin.call("Create", { ...pull, preview: true, properties: inputs });

    expect(answer).toEqual({ properties: inputs });
  });

  it("tells all problems of the inputs at once", async () => {
    const news = { scopes: ["read"], expiresAt: "tomorrow", colour: "red", name: "pull" };

    const answer = await plugin.call("Check", { ...pull, olds: {}, news });

    expect(answer.failures).toEqual([
      { property: "colour", reason: "`colour` is not a property of a deploy token." },
      { property: "project", reason: "`project` is missing. Set it." },
      {
        property: "scopes",
        reason: expect.stringContaining('`scopes` has "read", which is none.') as string,
      },
      {
        property: "expiresAt",
        reason:
          '`expiresAt` is "tomorrow", which is not a time in RFC 3339. Write it like 2026-01-31T00:00:00Z.',
      },
    ]);
  });

  it("refuses a past expiry only where that is asked for", async () => {
    const past = { ...inputs, expiresAt: "2020-01-01T00:00:00Z" };
    const checked = { ...past, validatePastExpirationDate: true };

    expect(await plugin.call("Check", { ...pull, olds: {}, news: past })).not.toHaveProperty(
      "failures",
    );
    expect(await plugin.call("Check", { ...pull, olds: {}, news: checked })).toHaveProperty(
      "failures",
      [
        {
          property: "expiresAt",
          reason:
            '`expiresAt` is "2020-01-01T00:00:00Z", which is in the past. Use a time to come.',
        },
      ],
    );
  });

  it("refuses a wrong token when it is configured, without showing it", async () => {
    const failure = configure({ token: { ...SECRET, value: "glpat-wrong-token" } });

    await expect(failure).rejects.toThrow(
      `the GitLab API did not accept the provider's configuration: GET ${gitlab.url}/api/v4/user: 401 {message: 401 Unauthorized}`,
    );
    await expect(failure).rejects.not.toThrow("glpat-wrong-token");
  });

  it("leaves a wrong token to the first use where nobody wants it checked", async () => {
    await configure({ token: { ...SECRET, value: "glpat-wrong-token" }, earlyAuthCheck: "false" });

    await expect(create()).rejects.toThrow("401 {message: 401 Unauthorized}");
  });

  it("refuses settings and resources that it does not offer", async () => {
    const check = await plugin.call("CheckConfig", {
      ...pull,
      news: { configFile: "x" },
      olds: {},
    });

    expect(check.failures).toMatchObject([{ property: "configFile" }]);
    await expect(
      plugin.call("Create", { ...pull, type: "gitlab:index/group:Group" }),
    ).rejects.toThrow("`gitlab:index/group:Group` is not offered by the stand-in");
  });
});
