import * as fs from "node:fs";

import { normalizeFilePermissions } from "../../../components/image/filePermissions";
import { GitRepository } from "../../support/gitRepository";

// A file of another user's can't be made by every user who runs tests.
jest.mock("node:fs", () => {
  const actual = jest.requireActual<typeof fs>("node:fs");
  return { ...actual, chmodSync: jest.fn(actual.chmodSync) };
});

let repository: GitRepository;

beforeEach(() => {
  repository = new GitRepository();
  repository.write("README.md");
  repository.write("site/Dockerfile");
  repository.write("site/.dockerignore", "notes\n");
  repository.write("site/notes/today.md");
  repository.write("site/src/pages/page.md");
  repository.write("site/run.sh");
  fs.chmodSync(repository.path("site/run.sh"), 0o755);
  fs.symlinkSync("src/pages", repository.path("site/link"));
  repository.commit();
  repository.write("site/src/untracked.md");
});

afterEach(() => repository.remove());

function set(): string[] {
  return normalizeFilePermissions({
    directory: repository.path("site"),
    dockerfile: repository.path("site/Dockerfile"),
  });
}

function modes(...files: string[]): string[] {
  return files.map((file) => (fs.statSync(repository.path(file)).mode & 0o7777).toString(8));
}

/** As a checkout with another umask would have them. */
function mask(program: number, file: number): void {
  for (const folder of ["site", "site/src", "site/src/pages", "site/notes", "site/run.sh"]) {
    fs.chmodSync(repository.path(folder), program);
  }
  for (const plain of ["README.md", "site/src/pages/page.md", "site/src/untracked.md"]) {
    fs.chmodSync(repository.path(plain), file);
  }
}

describe("setTrackedModes", () => {
  it.each([
    ["000, as a GitLab runner's", 0o777, 0o666],
    ["077", 0o700, 0o600],
    ["002", 0o775, 0o664],
  ])("makes of a checkout with umask %s one with git's own permissions", (_, program, file) => {
    mask(program, file);
    expect(set()).toEqual([]);

    expect(modes("site/src", "site/src/pages", "site/run.sh")).toEqual(["755", "755", "755"]);
    expect(modes("site/src/pages/page.md", "site/Dockerfile")).toEqual(["644", "644"]);
  });

  it("leaves alone what is not tracked, what is ignored and what is outside", () => {
    mask(0o777, 0o666);
    set();

    expect(modes("site/src/untracked.md", "README.md", "site/notes", "site")).toEqual([
      "666",
      "666",
      "777",
      "777",
    ]);
  });

  it("keeps an executable bit that was changed since the commit", () => {
    fs.chmodSync(repository.path("site/src/pages/page.md"), 0o777);
    fs.chmodSync(repository.path("site/run.sh"), 0o666);
    set();

    expect(modes("site/src/pages/page.md", "site/run.sh")).toEqual(["755", "644"]);
  });

  it("takes git's word where the file system knows no executable bit", () => {
    repository.git("config", "core.fileMode", "false");
    mask(0o777, 0o777);
    set();

    expect(modes("site/src/pages/page.md", "site/run.sh")).toEqual(["644", "755"]);
  });

  it("keeps the bits of a folder that is shared", () => {
    fs.chmodSync(repository.path("site/src"), 0o2775);
    set();
    expect(modes("site/src")).toEqual(["2755"]);
  });

  it("is content with a tracked file that is gone, or has become a link", () => {
    fs.rmSync(repository.path("site/run.sh"));
    fs.rmSync(repository.path("site/Dockerfile"));
    fs.symlinkSync("nowhere", repository.path("site/Dockerfile"));
    expect(set()).toEqual([]);
  });

  it("names what it can't set", () => {
    mask(0o777, 0o666);
    const refuse = () => {
      throw new Error("EPERM: operation not permitted");
    };
    for (let time = 0; time < 4; time++) jest.mocked(fs.chmodSync).mockImplementationOnce(refuse);
    const failed = set();

    expect(failed.sort()).toEqual(["run.sh", "src", "src/pages", "src/pages/page.md"]);
  });

  it("does nothing where there is no repository", () => {
    mask(0o777, 0o666);
    fs.rmSync(repository.path(".git"), { recursive: true });
    expect(set()).toEqual([]);

    expect(modes("site/src/pages/page.md")).toEqual(["666"]);
  });
});
