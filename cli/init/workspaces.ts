import { posix } from "node:path";

import { parse } from "yaml";

import { readPackageJson, readText, type Repository } from "./repository";

/** Whether a folder is a member of the workspace that another folder, above it, is the root of. */
export function isWorkspaceMember(repository: Repository, root: string, folder: string): boolean {
  const path = posix.relative(root, folder);
  const patterns = listPatterns(repository, root);
  const matches = (pattern: string): boolean => toRegExp(pattern).test(path);
  const excluded = patterns.filter((pattern) => pattern.startsWith("!"));
  return (
    patterns.some((pattern) => !pattern.startsWith("!") && matches(pattern)) &&
    !excluded.some((pattern) => matches(pattern.slice(1)))
  );
}

/** The folders' patterns of npm's and Yarn's `workspaces`, and of pnpm's file. */
function listPatterns(repository: Repository, root: string): string[] {
  const { workspaces = [] } = readPackageJson(repository, root) ?? {};
  const text = readText(repository, posix.join(root, "pnpm-workspace.yaml"));
  const listed = "packages" in workspaces ? (workspaces.packages ?? []) : workspaces;
  return [...(Array.isArray(listed) ? (listed as string[]) : []), ...readPnpmPatterns(text)];
}

function readPnpmPatterns(text: string | undefined): string[] {
  try {
    const { packages } = (parse(text ?? "") ?? {}) as { packages?: unknown };
    return Array.isArray(packages) ? packages.map(String) : [];
  } catch {
    return [];
  }
}

/** A pattern of folders, with `*` within a name and `**` over several. */
function toRegExp(pattern: string): RegExp {
  const source = pattern
    .replace(/^\.\//, "")
    .replace(/\/+$/, "")
    .split(/(\*\*\/|\*\*|\*)/)
    .map((part) => {
      if (part === "**/") return "(?:.*/)?";
      if (part === "**") return ".*";
      return part === "*" ? "[^/]*" : part.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
    })
    .join("");
  return new RegExp(`^${source}$`);
}
