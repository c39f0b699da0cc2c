import { computeSlug, guessTier } from "../../../../sandbox/gitlab/model/environmentNames";

describe("computeSlug", () => {
  // The suffixes are those of GitLab's algorithm: the SHA-256 of the name in base 36, its last six digits.
  it.each([
    ["production", "production"],
    ["a", "a"],
    ["staging-1", "staging-1"],
    ["exactly-24-characters-aa", "exactly-24-characters-aa"],
    ["foo-", "foo"],
    ["staging-12345678-", "staging-12345678"],
  ])("leaves %s as it is, but for a dash at its end", (name, slug) => {
    expect(computeSlug(name)).toBe(slug);
  });

  it.each([
    ["staging-12345678901234567", "staging-123456789"],
    ["9-staging-123456789012345", "env-9-staging-123"],
    ["staging-1234567890123456-", "staging-123456789"],
    ["Production", "production"],
    ["PRODUCTION", "production"],
    ["review/1-foo", "review-1-foo"],
    ["1-foo", "env-1-foo"],
    ["1/foo", "env-1-foo"],
    ["foo--bar", "foo-bar"],
    ["foo**bar", "foo-bar"],
    ["*-foo", "env-foo"],
  ])("gives %s a suffix", (name, stem) => {
    const slug = computeSlug(name);

    expect(slug.replace(/[a-z0-9]{6}$/, "").replace(/-+$/, "")).toBe(stem);
    expect(slug).toMatch(/^[a-z](?:[a-z0-9]|-(?!-))*[a-z0-9]$/);
    expect(slug.length).toBeLessThanOrEqual(24);
    expect(computeSlug(name)).toBe(slug);
  });
});

describe("guessTier", () => {
  it.each([
    ["review/feature", "development"],
    ["dev", "development"],
    ["review/production", "development"],
    ["test", "testing"],
    ["qa", "testing"],
    ["acceptance", "testing"],
    ["acpt", "testing"],
    ["stg", "staging"],
    ["staging", "staging"],
    ["model", "staging"],
    ["pre-production", "staging"],
    ["non-production", "staging"],
    ["demo", "staging"],
    ["production", "production"],
    ["prd", "production"],
    ["LIVE", "production"],
    ["somewhere", "other"],
  ])("takes %s for %s", (name, tier) => {
    expect(guessTier(name)).toBe(tier);
  });
});
