import { posix } from "node:path";

import type { Facts } from "./facts";
import { describeInstallation, renderManagerInstall } from "./installation";
import { renderNodeImage } from "./nodeVersion";
import { hasTypeScriptEntry } from "./program";
import { readPackageJson, readText, type Repository } from "./repository";

/** How many stacks the pipeline has: each change goes to the first one, a release through the second to the last. */
export const pipelineStacks = 3;

/** What decides about the inputs, beside the facts. */
export interface InputOptions {
  /** Folder of the program. */
  readonly folder: string;
  /** The three stacks of the pipeline. */
  readonly stacks: readonly string[];
}

/** The inputs of the pipeline's template for a site: those that differ from its defaults. */
export function computePipelineInputs(
  repository: Repository,
  facts: Facts,
  { folder, stacks }: InputOptions,
): Record<string, string> {
  const { manager, script, site } = facts;
  const packages = posix.relative(site, manager.folder) || ".";
  const [dev, staging, production] = stacks;
  const { environment, install, managerPackage, build } = describeInstallation(
    manager,
    `"$slipway_cache/${manager.name}"`,
    script,
  );
  const commands = [
    ...(managerPackage === undefined ? [] : renderManager(managerPackage)),
    ...Object.entries(environment).map(([name, value]) => `export ${name}=${value}`),
    install.join(" "),
  ];
  return {
    program: folder,
    scripts: "node_modules/slipway/ci",
    site,
    ...(packages === "." ? {} : { packages }),
    ...(manager.lockFile === undefined ? {} : { "lock-file": manager.lockFile }),
    "site-image": findNodeImage(repository, facts),
    install: commands.join("; "),
    build,
    ...computeTest(repository, facts, folder),
    ...(dev === "dev" ? {} : { "dev-stack": dev }),
    ...(staging === "staging" ? {} : { "staging-stack": staging }),
    ...(production === "prod" ? {} : { "production-stack": production }),
  };
}

function renderManager(managerPackage: string): string[] {
  const prefix = '"$slipway_home/manager"';
  return [
    renderManagerInstall(managerPackage, prefix).join(" "),
    'export PATH="$slipway_home/manager/bin:$PATH"',
  ];
}

/** The site's own tests; without any, a check of the program: its types, or its syntax if it is in JavaScript. */
function computeTest(
  repository: Repository,
  { manager, site }: Facts,
  folder: string,
): Record<string, string> {
  const { test } = readPackageJson(repository, site)?.scripts ?? {};
  // What `npm init` and Gatsby's starters write says that there are none, and fails.
  const hasTests = test !== undefined && !/\bexit 1\b/.test(test);
  if (hasTests) return { test: `${manager.name} test`, "test-of": "site" };
  // Without a tsconfig.json, `tsc` has nothing to check and fails.
  const hasTypes = hasTypeScriptEntry(repository.root, folder);
  return {
    test: hasTypes ? "npx tsc --noEmit" : "node --check index.js",
    "test-of": "program",
  };
}

/**
 * The image that the Dockerfile builds the site with. A job needs bash, which an image of Alpine does not
 * have: then that of Debian with the same Node.
 */
function findNodeImage(repository: Repository, { dockerfile, node }: Facts): string {
  const text = dockerfile === undefined ? "" : (readText(repository, dockerfile.file) ?? "");
  const [, ours] = /^ARG NODE_IMAGE=(\S+)$/m.exec(text) ?? [];
  if (dockerfile?.isOurs && ours !== undefined) return ours;
  const [, major] = /^FROM\s+(?:--\S+\s+)?(?:\S+\/)?node:(\d+)/im.exec(text) ?? [];
  return renderNodeImage(major === undefined ? node.major : Number(major));
}
