import { computeRefSlug } from "../../../components/release/refSlug";

describe("computeRefSlug", () => {
  it.each([
    ["main", "main"],
    ["feature/menu", "feature-menu"],
    ["Feature_Menu", "feature-menu"],
    ["release/1.2", "release-1-2"],
    ["a--b", "a--b"],
    ["-main-", "main"],
    ["#123 fix it!", "123-fix-it"],
    ["Übersicht", "bersicht"],
    ["grün", "gr-n"],
    // One character, though two units of UTF-16.
    ["go-🚀-on", "go---on"],
    ["___", ""],
    ["x".repeat(64), "x".repeat(63)],
    // Cut first: then the end may be a `-` that goes too.
    [`${"x".repeat(62)}/more`, "x".repeat(62)],
  ])("makes of %s what GitLab makes of it", (ref, slug) => {
    expect(computeRefSlug(ref)).toBe(slug);
  });
});
