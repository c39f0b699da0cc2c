import { gt, gte, valid } from "semver";

/** Files of the repository that a release reads or changes, by path. */
export type ReleaseFiles = Readonly<Record<string, string>>;

/** The state that a release begins with. */
export interface ReleaseState {
  readonly files: ReleaseFiles;
  /** Name of the branch that is checked out; empty if there is none. */
  readonly branch: string;
  /** Files that differ from their commit, as `git status --porcelain` prints them. */
  readonly status: string;
  /** Tags here and in the remote repository. */
  readonly tags: readonly string[];
  /** Whether the branch has all commits of the remote one. */
  readonly isCurrent: boolean;
}

/** Version of the package. */
export function readVersion(files: ReleaseFiles): string {
  return (JSON.parse(files["package.json"]) as { version: string }).version;
}

/** Finds all reasons not to release a version. */
export function findReleaseProblems(version: string, state: ReleaseState): string[] {
  const { branch, files, isCurrent, status, tags } = state;
  const current = readVersion(files);
  const changelog = files["CHANGELOG.md"];
  // The version of package.json counts as published once the changelog has a section for it.
  const isPublished = changelog.includes(`\n## ${current} (`);
  const isNewer = isPublished ? gt : gte;
  const problems = [
    valid(version) !== version
      ? `The version is "${version}", which is not one such as 0.2.0. Name it without a \`v\`.`
      : !isNewer(version, current) &&
        `The version is ${version}, but ${current} is ${isPublished ? "published" : "in package.json"} already. Use a newer one.`,
    tags.includes(`v${version}`) &&
      `There is a tag \`v${version}\` already. A version is released once: use a newer one.`,
    branch !== "main" &&
      `The branch is \`${branch}\`. Releases come from \`main\`: git switch main`,
    status !== "" &&
      `Files differ from their commit:\n${status.trimEnd().replace(/^/gm, "    ")}\n  Commit them, or put them aside: git stash --include-untracked`,
    !isCurrent && "`main` lacks commits of `origin/main`: git pull --ff-only",
    !/^[-*] /m.test(readUnreleased(changelog)) &&
      'CHANGELOG.md has no entry below "## Unreleased". Write what changes for those who use Slipway.',
  ];
  return problems.filter((problem) => problem !== false);
}

function readUnreleased(changelog: string): string {
  return /^## Unreleased$([^]*?)(?=^## |(?![^]))/m.exec(changelog)?.[1] ?? "";
}

/**
 * Renders the files that a release changes: the versions of the packages, the changelog, and each text that names the
 * package's version, such as the pipeline's templates.
 */
export function renderRelease(files: ReleaseFiles, version: string, date: string): ReleaseFiles {
  const current = readVersion(files);
  const rendered = Object.entries(files).map(([path, text]) => [
    path,
    renderFile(path, text, { current, date, version }),
  ]);
  return Object.fromEntries(
    rendered.filter(([path, text]) => text !== files[path]),
  ) as ReleaseFiles;
}

interface Step {
  readonly current: string;
  readonly version: string;
  readonly date: string;
}

function renderFile(path: string, text: string, { current, date, version }: Step): string {
  switch (path) {
    case "CHANGELOG.md":
      return text.replace(/^## Unreleased$/m, `## Unreleased\n\n## ${version} (${date})`);
    case "package.json":
    case "policy/package.json":
      return text.replace(/^( {2}"version": )"[^"]*"/m, `$1"${version}"`);
    case "package-lock.json":
      // The root package is named at the top, and once more among the packages.
      return text
        .replace(/^( {2}"version": )"[^"]*"/m, `$1"${version}"`)
        .replace(/^( {6}"name": "slipway",\n {6}"version": )"[^"]*"/m, `$1"${version}"`);
    default:
      return text.replaceAll(
        new RegExp(`(slipway(?:-|@v?|": "\\^?))${current.replaceAll(".", "\\.")}(?![\\d-])`, "g"),
        `$1${version}`,
      );
  }
}
