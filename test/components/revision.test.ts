import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { findRevision } from "../../components/revision";

let directory: string;

beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), "slipway-revision-"));
});

afterEach(() => fs.rmSync(directory, { recursive: true }));

function git(...args: string[]): string {
  const identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com"];
  return execFileSync("git", [...identity, ...args], { cwd: directory, encoding: "utf8" }).trim();
}

function commit(): string {
  git("init", "--quiet");
  fs.writeFileSync(path.join(directory, "page.md"), "page\n");
  git("add", ".");
  git("commit", "--quiet", "--no-gpg-sign", "--message=Page");
  return git("rev-parse", "HEAD");
}

describe("findRevision", () => {
  it("takes a pipeline's word for it", () => {
    expect(findRevision(directory, { CI_COMMIT_SHA: "abc", CI_COMMIT_TAG: "v1.2.3" })).toEqual({
      commit: "abc",
      version: "v1.2.3",
    });
  });

  it("takes no other tag for a version", () => {
    const env = { CI_COMMIT_SHA: "abc", CI_COMMIT_TAG: "very-good" };
    expect(findRevision(directory, env)).toEqual({ commit: "abc", version: undefined });
  });

  it("asks git elsewhere", () => {
    const id = commit();
    expect(findRevision(directory, {})).toEqual({ commit: id, version: undefined });
  });

  it("knows the version that was tagged, not another tag", () => {
    const id = commit();
    git("tag", "very-good");
    git("tag", "v1.2.3");
    expect(findRevision(directory, {})).toEqual({ commit: id, version: "v1.2.3" });
  });

  it("marks a checkout that differs from its commit", () => {
    const id = commit();
    fs.writeFileSync(path.join(directory, "page.md"), "edited\n");
    expect(findRevision(directory, {}).commit).toBe(`${id}-dirty`);
  });

  it("knows nothing where there is no repository", () => {
    expect(findRevision(directory, {})).toEqual({ commit: undefined, version: undefined });
  });
});
