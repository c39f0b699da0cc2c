import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

import { version as current } from "../../package.json";
import { findReleaseProblems, type ReleaseState, renderRelease } from "../../release/plan";

const changelog = "# Changelog\n\n## Unreleased\n\n### Added\n\n- A.\n\n## 0.2.0 (2027-01-01)\n";
const state = (
  files: Record<string, string> = {},
  further: Partial<ReleaseState> = {},
): ReleaseState => ({
  files: { "package.json": '{ "version": "0.2.0" }', "CHANGELOG.md": changelog, ...files },
  branch: "main",
  status: "",
  tags: ["v0.2.0"],
  isCurrent: true,
  ...further,
});

describe("a release", () => {
  it.each([
    ["0.2.1", state()],
    ["1.0.0-beta.1", state()],
    // Not published yet, although package.json has it.
    ["0.2.0", state({ "CHANGELOG.md": "# Changelog\n\n## Unreleased\n\n- A.\n" }, { tags: [] })],
  ])("of %s may go on", (version, before) => {
    expect(findReleaseProblems(version, before)).toEqual([]);
  });

  it.each<[string, ReleaseState, string]>([
    ["v0.3.0", state(), 'The version is "v0.3.0", which is not one such as 0.2.0.'],
    ["0.3", state(), 'The version is "0.3", which is not one'],
    ["0.1.9", state(), "The version is 0.1.9, but 0.2.0 is published already. Use a newer one."],
    ["0.3.0", state({}, { tags: ["v0.3.0"] }), "There is a tag `v0.3.0` already."],
    ["0.3.0", state({}, { branch: "next" }), "The branch is `next`. Releases come from `main`"],
    [
      "0.3.0",
      state({}, { status: " M index.ts\n" }),
      "Files differ from their commit:\n     M index.ts",
    ],
    ["0.3.0", state({}, { isCurrent: false }), "`main` lacks commits of `origin/main`"],
    [
      "0.3.0",
      state({ "CHANGELOG.md": changelog.replace("- A.\n", "") + "\n- Old.\n" }),
      'CHANGELOG.md has no entry below "## Unreleased".',
    ],
  ])("of %s is refused: %j", (version, before, problem) => {
    expect(findReleaseProblems(version, before)).toEqual([expect.stringContaining(problem)]);
  });

  it("is refused with all reasons at once", () => {
    const before = state({}, { branch: "", isCurrent: false, tags: ["v0.2.0"] });
    expect(findReleaseProblems("0.2.0", before)).toHaveLength(4);
  });

  it("closes the changelog's section, and opens an empty one", () => {
    const { "CHANGELOG.md": text } = renderRelease(state().files, "0.3.0", "2027-02-03");
    expect(text).toBe(
      "# Changelog\n\n## Unreleased\n\n## 0.3.0 (2027-02-03)\n\n### Added\n\n- A.\n\n## 0.2.0 (2027-01-01)\n",
    );
  });

  it("raises the version in templates and texts, and no other version", () => {
    const text = (version: string) =>
      `ref: slipway@v${version}, slipway@${version}, slipway-${version}.tgz, node 0.2.0, slipway-0.2.01, slipway@0x2x0`;
    const files = { ...state().files, "templates/slipway.yml": text("0.2.0") };
    expect(renderRelease(files, "0.3.0", "")["templates/slipway.yml"]).toBe(text("0.3.0"));
  });
});

describe("a release of this repository", () => {
  const paths = execFileSync("git", ["ls-files", "*.json", "*.md", "*.yml", "*.yaml"], {
    encoding: "utf8",
  })
    .split("\n")
    .filter((path) => path !== "" && !/^(bench|sandbox|sdks|site|test|website)\//.test(path));
  const files = Object.fromEntries(paths.map((path) => [path, readFileSync(path, "utf8")]));

  it("changes every place that has the version", () => {
    const changed = { ...files, ...renderRelease(files, "98.7.6", "2027-02-03") };
    const left = Object.entries(changed).filter(
      ([path, text]) =>
        !["CHANGELOG.md", "package-lock.json"].includes(path) &&
        text.includes(current) &&
        !text.includes("98.7.6"),
    );
    expect(left.map(([path]) => path)).toEqual([]);
    for (const path of ["package.json", "policy/package.json"]) {
      expect(JSON.parse(changed[path])).toMatchObject({ version: "98.7.6" });
    }
    expect(JSON.parse(changed["package-lock.json"])).toMatchObject({
      version: "98.7.6",
      packages: { "": { name: "slipway", version: "98.7.6" } },
    });
  });
});
