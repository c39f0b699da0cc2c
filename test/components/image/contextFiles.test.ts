import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

import { computeContentTag } from "../../../components/image/contentTag";
import { findFileProblems } from "../../../components/image/contextFiles";
import { listContext } from "../../../components/image/contextListing";
import { findContextSecrets } from "../../../components/image/contextSecrets";
import { readGitStatus } from "../../../components/image/gitCheckout";
import { findRevision } from "../../../components/image/revision";
import { context, inContextFolder } from "../../support/contextFolder";

const folder = inContextFolder();
const { write } = folder;
const find = (): string[] => findFileProblems(context);
const link = (file: string, target: string): void =>
  fs.symlinkSync(target, path.join(folder.root, file));

const git = (...args: string[]): void => {
  execFileSync("git", args, { cwd: folder.root });
};

const pointer =
  "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n";
const pull =
  "Fetch it: `git lfs pull`. In a pipeline, install `git-lfs` in the job's image, and do not set `GIT_LFS_SKIP_SMUDGE`.";

beforeEach(() => write(".dockerignore", "deploy\n.git\n"));

describe("pointers of Git LFS", () => {
  it("are named", () => {
    write("static/film.mp4", pointer);
    expect(find()).toEqual([
      `\`../static/film.mp4\` is a pointer of Git LFS, without the content. ${pull}`,
    ]);

    write("static/a picture.png", pointer);
    expect(find()).toEqual([
      `\`../static/a picture.png\` and \`../static/film.mp4\` are pointers of Git LFS, without the content. ${pull}`,
    ]);
  });

  it("are named in part if there are many", () => {
    for (let index = 1; index <= 7; index++) write(`static/${index}.png`, pointer);
    expect(find()).toEqual([
      `\`../static/1.png\`, \`../static/2.png\`, \`../static/3.png\`, \`../static/4.png\`, \`../static/5.png\` and 2 more are pointers of Git LFS, without the content. ${pull}`,
    ]);
  });

  it.each([
    ["the content itself", "\u0089PNG"],
    ["a page about pointers", `# Git LFS\n\n${pointer}`],
    ["a large file that begins like one", pointer.padEnd(2000, "x")],
  ])("are not %s", (_, content) => {
    write("static/file", content);
    expect(find()).toEqual([]);
  });
});

describe("links", () => {
  it.each([
    ["static/icon.svg", "logo.svg"],
    ["src/images", "../static/"],
    ["static/later.svg", "not-there.svg"],
  ])("may lead from %s to %s, within the context", (file, target) => {
    write("static/logo.svg");
    link(file, target);
    expect(find()).toEqual([]);
  });

  it("that lead out of the context are refused, with the line for `.dockerignore`", () => {
    link("src/content", "../../shared/content");
    expect(find()).toEqual([
      "`../src/content` is a link to `../../shared/content`, outside of the site's folder, where the build can't read it. Copy the files there, or use a folder above both as `siteDirectory` and a relative link. If the site does not need it, add the line `src/content` to `../.dockerignore`.",
    ]);
    write(".dockerignore", "deploy\n.git\nsrc/content\n");
    expect(find()).toEqual([]);
  });

  it("to an absolute path are refused, even within the context", () => {
    const target = path.join(folder.root, "src");
    link("pages", target);
    expect(find()).toEqual([
      `\`../pages\` is a link to \`${target}\`, an absolute path, which is another one in the build. Copy the files there, or use a folder above both as \`siteDirectory\` and a relative link. If the site does not need it, add the line \`pages\` to \`../.dockerignore\`.`,
    ]);
  });
});

describe("a large context", () => {
  const mebibyte = 1024 * 1024;

  it("is read in parts: a file may be larger than memory", () => {
    write("static/film.mp4");
    // Sparse: it takes no space on the disk.
    fs.truncateSync(path.join(folder.root, "static/film.mp4"), 192 * mebibyte);
    const before = process.memoryUsage().rss;
    const tag = computeContentTag({ ...context, buildArgs: {} }, ["static/film.mp4"]);

    expect(process.memoryUsage().rss - before).toBeLessThan(96 * mebibyte);
    expect(tag).toMatch(/^content-[0-9a-f]{16}$/);
    expect(find()).toEqual([]);
  });

  it("of 10,000 files is checked in seconds", () => {
    git("init", "--quiet");
    for (let index = 0; index < 10_000; index++)
      write(`content/${index % 100}/${index}.json`, "{}\n");
    git("add", "--all");
    const start = performance.now();
    const listing = listContext(context);
    findContextSecrets(context, listing);
    findFileProblems(context, listing);
    findRevision(context, {}, readGitStatus(context), listing);
    computeContentTag({ ...context, buildArgs: {} }, listing.files);
    // Three seconds on a busy machine. What grows with the square of the files takes minutes.
    expect(performance.now() - start).toBeLessThan(30_000);
    expect(listing.files).toHaveLength(10_003);
  });
});
