import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { findReleaseProblems, readVersion, type ReleaseFiles, renderRelease } from "./plan";

/** Files that may name the version, beside those of packages: what people and pipelines copy from. */
const named = ["README.md", "CONTRIBUTING.md", "docs/*.md", "examples", "templates"];
const always = ["CHANGELOG.md", "package.json", "package-lock.json", "policy/package.json"];

/**
 * `npm run release -- [--dry-run] <version>`: raises the version, closes the changelog's section, packs the package, and
 * pushes the commit and its tag. It publishes nothing. With `--dry-run` it says what it would do.
 *
 * @returns the exit code
 */
export function release(
  args: readonly string[],
  cwd: string,
  print: (text: string) => void,
  date = new Date().toISOString().slice(0, 10),
): number {
  const isDry = args.includes("--dry-run");
  const [version, ...others] = args.filter((arg) => arg !== "--dry-run");
  if (version === undefined || version.startsWith("-") || others.length > 0) {
    print("Usage: npm run release -- [--dry-run] <version>");
    return 2;
  }
  const git = (...command: string[]): string => run(cwd, "git", command);
  try {
    const files = readFiles(cwd);
    const problems = findReleaseProblems(version, { files, ...readGit(cwd) });
    if (problems.length > 0) {
      print(`${version} can't be released:\n${problems.map((one) => `- ${one}`).join("\n")}`);
      return 1;
    }
    const changed = renderRelease(files, version, date);
    const paths = Object.keys(changed);
    const tag = `v${version}`;
    print(`${isDry ? "Would change" : "Changes"} ${readVersion(files)} to ${version} in:`);
    for (const path of paths) print(`  ${path}`);
    const push = ["push", "--atomic", "origin", "main", tag];
    if (isDry) {
      print(
        `Would pack slipway-${version}.tgz, commit, tag \`${tag}\`, and run: git ${push.join(" ")}`,
      );
      return 0;
    }
    for (const path of paths) writeFileSync(join(cwd, path), changed[path]);
    try {
      // Compiles and packs what is released, before anybody can see it.
      run(cwd, "npm", ["pack"]);
    } catch (error) {
      git("checkout", "--", ...paths);
      throw error;
    }
    git("commit", "--quiet", "--message", `Slipway ${version}`, "--", ...paths);
    git("tag", "--annotate", tag, "--message", `Slipway ${version}`);
    try {
      git(...push);
    } catch (error) {
      print(`The commit and the tag are here only. To go on: git ${push.join(" ")}`);
      throw error;
    }
    print(`Released ${tag}. To publish it: npm publish slipway-${version}.tgz`);
    return 0;
  } catch (error) {
    print((error as Error).message);
    return 1;
  }
}

function readFiles(cwd: string): ReleaseFiles {
  const listed = run(cwd, "git", ["ls-files", "-z", "--", ...named])
    .split("\0")
    .filter(Boolean);
  const paths = [...always, ...listed];
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(cwd, path), "utf8")]));
}

/** Reads what git knows, here and in the remote repository, and changes nothing. */
function readGit(cwd: string) {
  const git = (...command: string[]): string => run(cwd, "git", command);
  const remote = git("ls-remote", "origin", "refs/heads/main", "refs/tags/v*").split("\n");
  const refs = remote.map((line) => line.split("\t"));
  const [main] = refs.find(([, name]) => name === "refs/heads/main") ?? [];
  return {
    branch: git("branch", "--show-current").trim(),
    status: git("status", "--porcelain"),
    tags: [
      ...git("tag", "--list").split("\n"),
      ...refs.map(([, name = ""]) => name.replace("refs/tags/", "")),
    ],
    isCurrent: main === undefined || contains(cwd, main),
  };
}

function contains(cwd: string, commit: string): boolean {
  const args = ["merge-base", "--is-ancestor", commit, "HEAD"];
  return spawnSync("git", args, { cwd, stdio: "ignore" }).status === 0;
}

function run(cwd: string, program: string, args: readonly string[]): string {
  const { error, status, stderr, stdout } = spawnSync(program, args, { cwd, encoding: "utf8" });
  if (error !== undefined) throw error;
  if (status === 0) return stdout;
  throw new Error(
    `\`${program} ${args.join(" ")}\` failed:\n  ${stderr.trim().replaceAll("\n", "\n  ")}`,
  );
}
