import { checkResource, unknown } from "../support/check";

const type = "gitlab:index/projectDeployToken:ProjectDeployToken";
const now = new Date("2026-01-01T00:00:00Z");

describe("token-scopes", () => {
  const check = (scopes: unknown, settings = {}) =>
    checkResource("token-scopes", { type, props: { scopes } }, { settings });

  it("refuses each scope beyond the registry's", async () => {
    expect(await check(["read_registry", "read_repository"])).toEqual([
      '`scopes` has "read_repository", which images don\'t need: whoever gets the token could use it for more than the registry. Use only "read_registry", "write_registry", or add "read_repository" to the policy\'s setting `scopes`.',
    ]);
    expect(await check(["api", "write_repository"])).toHaveLength(2);
  });

  it("accepts the registry's scopes, those of the setting, and unknown ones", async () => {
    expect(await check(["read_registry", "write_registry"])).toEqual([]);
    expect(await check(["read_repository"], { scopes: ["read_repository"] })).toEqual([]);
    expect(await check(unknown.list)).toEqual([]);
    expect(await check(["read_registry", unknown.text])).toEqual([]);
  });

  it.each([
    "gitlab:index/groupDeployToken:GroupDeployToken",
    "gitlab:index/projectAccessToken:ProjectAccessToken",
  ])("checks %s too", async (other) => {
    const resource = { type: other, props: { scopes: ["api"] } };
    expect(await checkResource("token-scopes", resource)).toHaveLength(1);
  });
});

describe("token-expiry", () => {
  const check = (expiresAt: unknown, options = {}) =>
    checkResource("token-expiry", { type, props: { expiresAt } }, { now, ...options });

  it("refuses a token that never expires", async () => {
    expect(await check(undefined)).toEqual([
      "`expiresAt` is missing: the token is valid until somebody revokes it. Set a time within 180 days.",
    ]);
  });

  it("refuses one that expires later than the tier allows", async () => {
    expect(await check("2026-07-01T00:00:00Z")).toEqual([
      '`expiresAt` is "2026-07-01T00:00:00Z", more than 180 days from now. Use an earlier time; for the tokens of a Slipway stack: `pulumi config set rotateEveryDays 90`.',
    ]);
    const stack = { tier: "staging" };
    expect(await check("2026-07-01T00:00:00Z", { stack })).toEqual([]);
    expect(await check("2027-01-02T00:00:00Z", { stack })).toHaveLength(1);
  });

  it("takes the limit of the setting", async () => {
    expect(await check("2026-02-01T00:00:00Z", { settings: { days: 30 } })).toHaveLength(1);
    expect(await check("2026-01-31T00:00:00Z", { settings: { days: 30 } })).toEqual([]);
  });

  it("refuses what is not a time, and leaves an unknown one to the update", async () => {
    expect(await check("never")).toEqual([
      '`expiresAt` is "never", which is not a time. Use RFC 3339.',
    ]);
    expect(await check(unknown.text)).toEqual([]);
  });
});
