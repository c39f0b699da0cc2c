import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { release } from "../../release/release";
import { GitRepository } from "../support/gitRepository";

let clone: GitRepository;
let remote: string;
let printed: string[];

const manifest = (name: string) => `${JSON.stringify({ name, version: "0.1.0" }, undefined, 2)}\n`;

beforeEach(() => {
  printed = [];
  clone = new GitRepository();
  clone.git("config", "user.name", "Test");
  clone.git("config", "user.email", "test@example.com");
  clone.write("package.json", manifest("slipway"));
  clone.write("policy/package.json", manifest("slipway-policy"));
  clone.write("package-lock.json", manifest("slipway"));
  clone.write("README.md", "npm pack creates `slipway-0.1.0.tgz`\n");
  clone.write("templates/slipway.yml", "# slipway@v0.1.0\n");
  clone.write("CHANGELOG.md", "# Changelog\n\n## Unreleased\n\n- A.\n\n## 0.1.0 (2026-01-01)\n");
  clone.write(".gitignore", "*.tgz\n");
  clone.commit();
  remote = mkdtempSync(join(tmpdir(), "slipway-remote-"));
  clone.git("init", "--quiet", "--bare", "--initial-branch=main", remote);
  clone.git("remote", "add", "origin", remote);
  clone.git("push", "--quiet", "origin", "main");
});

afterEach(() => {
  clone.remove();
  rmSync(remote, { recursive: true });
});

const run = (...args: string[]) =>
  release(args, clone.folder, (text) => printed.push(text), "2027-02-03");
const read = (file: string) => readFileSync(clone.path(file), "utf8");
const refs = () => clone.git("ls-remote", "origin");

describe("npm run release", () => {
  it("says with --dry-run what it would do, and changes nothing", () => {
    const before = [refs(), clone.git("rev-parse", "HEAD")];
    expect(run("--dry-run", "0.2.0")).toBe(0);
    expect(printed).toEqual([
      "Would change 0.1.0 to 0.2.0 in:",
      "  CHANGELOG.md",
      "  package.json",
      "  package-lock.json",
      "  policy/package.json",
      "  README.md",
      "  templates/slipway.yml",
      "Would pack slipway-0.2.0.tgz, commit, tag `v0.2.0`, and run: git push --atomic origin main v0.2.0",
    ]);
    expect([refs(), clone.git("rev-parse", "HEAD")]).toEqual(before);
    expect([clone.git("status", "--porcelain"), clone.git("tag")]).toEqual(["", ""]);
  });

  it("packs, commits, tags and pushes the version", () => {
    expect(run("0.2.0")).toBe(0);
    expect(printed.at(-1)).toBe("Released v0.2.0. To publish it: npm publish slipway-0.2.0.tgz");
    expect(existsSync(clone.path("slipway-0.2.0.tgz"))).toBe(true);
    expect(clone.git("log", "-1", "--format=%s")).toBe("Slipway 0.2.0");
    expect(clone.git("status", "--porcelain")).toBe("");
    const head = clone.git("rev-parse", "HEAD");
    expect(refs()).toContain(`${head}\trefs/heads/main`);
    expect(refs()).toContain(`${head}\trefs/tags/v0.2.0^{}`);
    expect(read("CHANGELOG.md")).toContain("## Unreleased\n\n## 0.2.0 (2027-02-03)\n\n- A.");
    expect(read("templates/slipway.yml")).toBe("# slipway@v0.2.0\n");
    // Released once.
    expect(run("0.2.0")).toBe(1);
  });

  it("leaves all as it was if the package can't be packed", () => {
    clone.write(
      "package.json",
      read("package.json").replace("{", '{ "scripts": { "prepack": "exit 3" },'),
    );
    clone.commit();
    expect(run("0.2.0")).toBe(1);
    expect(printed.at(-1)).toMatch(/^`npm pack` failed:/);
    expect([clone.git("status", "--porcelain"), clone.git("tag")]).toEqual(["", ""]);
  });

  it("says how to go on if the push is refused", () => {
    clone.git("remote", "set-url", "--push", "origin", join(remote, "none"));
    expect(run("0.2.0")).toBe(1);
    expect(printed).toContain(
      "The commit and the tag are here only. To go on: git push --atomic origin main v0.2.0",
    );
  });

  it("is refused on a commit that lacks others' commits, and without a remote", () => {
    clone.commit();
    clone.git("push", "--quiet", "origin", "main");
    clone.git("reset", "--quiet", "--hard", "HEAD~1");
    expect(run("0.2.0")).toBe(1);
    expect(printed.join()).toContain("`main` lacks commits of `origin/main`");
    clone.git("remote", "remove", "origin");
    expect(run("0.2.0")).toBe(1);
    expect(printed.at(-1)).toMatch(/^`git ls-remote /);
  });

  it.each([[[]], [["--wrong"]], [["0.2.0", "0.3.0"]]])("says how it is used: %j", (args) => {
    expect(run(...args)).toBe(2);
    expect(printed).toEqual(["Usage: npm run release -- [--dry-run] <version>"]);
  });
});
