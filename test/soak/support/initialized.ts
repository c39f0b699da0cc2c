import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { checkout, git, inSandbox } from "../../e2e/support/checkout";
import { group, host, registry, type TestGitLab } from "../../e2e/support/gitlab";
import { installed } from "../../e2e/support/package";
import { folder, type PipelineRepository } from "./pipeline";

/** A site's repository, before it knows Slipway. */
export interface SiteShape {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  /** Command at the repository's top that creates the lock file. */
  readonly lock?: string;
}

const sample = (file: string): string => readFileSync(join(checkout, "site", file), "utf8");

interface Manifest {
  readonly scripts: object;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly overrides: object;
}

/** The smallest site, in a folder. */
const pages = (at = ""): Record<string, string> => ({
  [`${at}gatsby-config.js`]: "module.exports = {};\n",
  [`${at}src/pages/index.js`]:
    'import * as React from "react";\nexport default () => <h1>Initialized</h1>;\n',
});

/** A site at the repository's top, with npm. */
export const npmSite = (): SiteShape => ({
  name: "pipeline-npm",
  files: {
    ...pages(),
    "package.json": sample("package.json"),
    "package-lock.json": sample("package-lock.json"),
  },
});

/** A site in a workspace of pnpm. */
export function pnpmSite(): SiteShape {
  const { dependencies, overrides } = JSON.parse(sample("package.json")) as Manifest;
  const { gatsby, react } = dependencies;
  const root = { private: true, packageManager: "pnpm@9.15.9", pnpm: { overrides } };
  const site = {
    name: "site",
    scripts: { build: "gatsby build", test: "node --print 'process.cwd()'" },
    dependencies: { gatsby, react, "react-dom": dependencies["react-dom"] },
  };
  return {
    name: "pipeline-pnpm",
    files: {
      ...pages("apps/web/"),
      "package.json": JSON.stringify(root),
      "pnpm-workspace.yaml": "packages:\n  - apps/*\n",
      ".npmrc": "shamefully-hoist=true\n",
      "apps/web/package.json": JSON.stringify(site),
    },
    lock: "npx --yes pnpm@9.15.9 install --lockfile-only",
  };
}

/** Creates the project and its clone, and runs the installed package's `slipway init` there, and nothing else. */
export async function initialize(
  { files, lock, name }: SiteShape,
  gitlab: TestGitLab,
): Promise<PipelineRepository> {
  const project = `${group}/${name}`;
  await gitlab.control.seed({ groups: [{ path: group }], projects: [{ path: project }] });
  const clone = join(folder, name, "clone");
  rmSync(dirname(clone), { recursive: true, force: true });
  for (const [file, content] of Object.entries({ ".gitignore": "node_modules/\n", ...files })) {
    mkdirSync(dirname(join(clone, file)), { recursive: true });
    writeFileSync(join(clone, file), content);
  }
  const run = (command: string) => inSandbox(`cd '${clone}'; ${command}`);
  if (lock !== undefined) await run(lock);
  git(clone, "init", "--quiet", "--initial-branch=main");
  git(clone, "remote", "add", "origin", `https://${host}/${project}.git`);
  commit(clone, "A site");

  // The package and the local SDK are in no registry.
  cpSync(join(installed, "tarballs"), join(clone, "deploy", "tarballs"), { recursive: true });
  const dependencies = readdirSync(join(clone, "deploy", "tarballs")).map((file) => {
    const dependency = file.startsWith("slipway-") ? "slipway" : "@pulumi/gitlab";
    return `--dependency '${dependency}@file:tarballs/${file}'`;
  });
  const slipway = join(installed, "node_modules", ".bin", "slipway");
  await run(`'${slipway}' init --yes --registry ${registry} ${dependencies.join(" ")}`);
  await run("cd deploy && npm install --package-lock-only --ignore-scripts --no-audit --no-fund");
  await run("cd deploy && pulumi stack select --create --stack dev");
  commit(clone, "Deploy with Slipway");
  return { clone, project };
}

function commit(clone: string, message: string): void {
  git(clone, "add", "--all");
  const identity = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
  git(clone, ...identity, "commit", "--quiet", "--message", message);
}
