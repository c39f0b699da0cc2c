import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { findRevision, findTaggedCommit, type Revision } from "../../../components/image/revision";
import { GitRepository } from "../../support/gitRepository";

let repository: GitRepository;
let id: string;

beforeEach(() => {
  repository = new GitRepository();
  repository.write("README.md");
  repository.write("site/Dockerfile");
  repository.write("site/.dockerignore", "*.log\nDockerfile\n");
  repository.write("site/src/page.md");
  id = repository.commit();
});

afterEach(() => repository.remove());

function find(env: NodeJS.ProcessEnv = {}): Revision {
  return findRevision(
    { directory: repository.path("site"), dockerfile: repository.path("site/Dockerfile") },
    env,
  );
}

describe("findRevision in a pipeline", () => {
  const pipeline = { CI_COMMIT_SHA: "1ecfd275763eff1d6b4844ea3168962458c9f27a" };
  const mergeRequest = {
    ...pipeline,
    CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: "feature/menu",
    CI_MERGE_REQUEST_PROJECT_PATH: "web/site",
  };

  it.each<[string, NodeJS.ProcessEnv, Partial<Revision>]>([
    ["of a branch", { ...pipeline, CI_COMMIT_BRANCH: "main" }, { branch: "main" }],
    ["of a version", { ...pipeline, CI_COMMIT_TAG: "v1.2.3" }, { version: "v1.2.3" }],
    ["of another tag", { ...pipeline, CI_COMMIT_TAG: "very-good" }, {}],
    [
      "for a merge request",
      { ...mergeRequest, CI_MERGE_REQUEST_SOURCE_PROJECT_PATH: "web/site" },
      { branch: "feature/menu" },
    ],
    [
      "for a merge request of a fork, whose branches are none of the project's",
      { ...mergeRequest, CI_MERGE_REQUEST_SOURCE_PROJECT_PATH: "ann/site" },
      {},
    ],
  ])("%s takes the variables' word for it", (_, env, expected) => {
    expect(find(env)).toEqual({ commit: pipeline.CI_COMMIT_SHA, dirty: false, ...expected });
  });

  it("still sees what differs from the commit", () => {
    repository.write("site/src/page.md", "generated\n");
    expect(find(pipeline).dirty).toBe(true);
  });

  it("does without git", () => {
    fs.rmSync(repository.path(".git"), { recursive: true });
    expect(find(pipeline)).toEqual({ commit: pipeline.CI_COMMIT_SHA, dirty: false });
  });
});

describe("findRevision elsewhere", () => {
  it("asks git", () => {
    expect(find()).toEqual({ commit: id, dirty: false, branch: "main" });
  });

  it("finds no branch on a detached head", () => {
    repository.git("checkout", "--quiet", "--detach");
    expect(find()).toEqual({ commit: id, dirty: false });
  });

  it("finds no commit before the first", () => {
    fs.rmSync(repository.path(".git"), { recursive: true });
    repository.git("init", "--quiet", "--initial-branch=main");
    expect(find()).toEqual({ dirty: true, branch: "main" });
  });

  it("finds nothing where there is no repository", () => {
    fs.rmSync(repository.path(".git"), { recursive: true });
    expect(find()).toEqual({ dirty: false });
  });

  it.each([
    [["very-good"], undefined],
    [["v1"], undefined],
    [["v1.2"], undefined],
    [["v1.2.3"], "v1.2.3"],
    [["v2024.01.15"], "v2024.01.15"],
    [["v1.2.3-rc.1"], "v1.2.3-rc.1"],
    [["v1.2.3-rc.1", "v1.2.3", "very-good"], "v1.2.3"],
    [["v1.10.0", "v1.9.0"], "v1.10.0"],
    [["v1.2.3+build.5"], "v1.2.3+build.5"],
  ])("takes of the tags %j the version %s", (tags, version) => {
    for (const tag of tags) repository.git("tag", tag);
    expect(find().version).toBe(version);
  });

  it("finds a version whose tag is annotated", () => {
    repository.git("tag", "--annotate", "--message=Release", "v1.2.3");
    expect(find().version).toBe("v1.2.3");
  });

  it("leaves a version to the commit that it is on", () => {
    repository.git("tag", "v1.2.3");
    repository.commit();
    expect(find().version).toBeUndefined();
  });

  it.each<[string, () => void]>([
    ["a file that was edited", () => repository.write("site/src/page.md", "edited\n")],
    ["a file that was staged", () => stage("site/src/page.md")],
    ["a file that is gone", () => fs.rmSync(repository.path("site/src/page.md"))],
    ["a file that git does not know", () => repository.write("site/src/new page.md")],
    [
      "a file that git ignores and the build reads",
      () => {
        repository.write(".git/info/exclude", "generated.json\n");
        repository.write("site/src/generated.json");
      },
    ],
    [
      "a file that was made a program",
      () => fs.chmodSync(repository.path("site/src/page.md"), 0o755),
    ],
    [
      "the Dockerfile, even if it is ignored",
      () => repository.write("site/Dockerfile", "edited\n"),
    ],
    ["the ignore file", () => repository.write("site/.dockerignore", "src\nDockerfile\n")],
    [
      "the Dockerfile's own ignore file",
      () => repository.write("site/Dockerfile.dockerignore", ""),
    ],
  ])("is dirty with %s", (_, change) => {
    change();
    expect(find()).toMatchObject({ commit: id, dirty: true });
  });

  it.each<[string, () => void]>([
    ["a file outside of the context", () => repository.write("README.md", "edited\n")],
    ["a file that the build ignores", () => repository.write("site/debug.log")],
    ["other permissions", () => fs.chmodSync(repository.path("site/src/page.md"), 0o666)],
  ])("is not dirty with %s", (_, change) => {
    change();
    expect(find()).toMatchObject({ commit: id, dirty: false });
  });

  it.each([
    "über uns.md",
    'the "other" list.md',
    "a&b.md",
    "tab\there.md",
    "new\nline.md",
    "🚀.md",
  ])("knows the file %j, whose name git quotes", (name) => {
    repository.write(`site/src/${name}`);
    const commit = repository.commit();
    expect(find()).toMatchObject({ commit, dirty: false });
    repository.write(`site/src/${name}`, "edited\n");
    expect(find()).toMatchObject({ commit, dirty: true });
  });

  it("is dirty with a Dockerfile elsewhere that was edited", () => {
    repository.write("docker/Dockerfile");
    const context = {
      directory: repository.path("site"),
      dockerfile: repository.path("docker/Dockerfile"),
    };
    expect(findRevision(context, {}).dirty).toBe(true);
    repository.commit();
    expect(findRevision(context, {}).dirty).toBe(false);
  });

  it("reads a merge's conflicts as changes", () => {
    repository.git("checkout", "--quiet", "-b", "other");
    repository.write("site/src/page.md", "theirs\n");
    repository.commit();
    repository.git("checkout", "--quiet", "main");
    repository.write("site/src/page.md", "ours\n");
    repository.commit();
    expect(() => repository.git("merge", "--quiet", "other")).toThrow("git");
    expect(find().dirty).toBe(true);
  });

  // Only root can give files away; and it is root to whom a runner's checkout is another user's.
  const itAsRoot = process.getuid?.() === 0 ? it : it.skip;
  /* eslint-disable jest/no-standalone-expect */
  itAsRoot("reads a checkout of another user's", () => {
    execFileSync("chown", ["--recursive", "12345", repository.folder]);
    expect(() => repository.git("status")).toThrow("dubious ownership");
    expect(find()).toEqual({ commit: id, dirty: false, branch: "main" });
  });
  /* eslint-enable jest/no-standalone-expect */

  it("knows a folder by its real path", () => {
    const link = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "slipway-link-")), "site");
    fs.symlinkSync(repository.path("site"), link);
    repository.write("site/src/page.md", "edited\n");
    const context = { directory: link, dockerfile: path.join(link, "Dockerfile") };
    expect(findRevision(context, {})).toMatchObject({ commit: id, dirty: true });
    fs.rmSync(path.dirname(link), { recursive: true });
  });
});

function stage(file: string): void {
  repository.write(file, "staged\n");
  repository.git("add", file);
}

describe("findTaggedCommit", () => {
  const commit = "1ecfd275763eff1d6b4844ea3168962458c9f27a";

  it("is what a pipeline for a version releases", () => {
    expect(findTaggedCommit({ CI_COMMIT_SHA: commit, CI_COMMIT_TAG: "v1.2.3" })).toEqual({
      version: "v1.2.3",
      commit,
      tag: "1ecfd275",
    });
  });

  it.each([
    [{}],
    [{ CI_COMMIT_SHA: commit }],
    [{ CI_COMMIT_TAG: "v1.2.3" }],
    [{ CI_COMMIT_SHA: commit, CI_COMMIT_TAG: "nightly" }],
    [{ CI_COMMIT_SHA: commit, CI_COMMIT_TAG: "v1" }],
  ])("is nothing in %j", (env) => {
    expect(findTaggedCommit(env)).toBeUndefined();
  });
});
