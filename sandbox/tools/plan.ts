import { existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

import { cacheFolder } from "./cache";
import { createEntry, fillEntry, readTools, renderTitle, type Entry } from "./entry";
import { ToolError } from "./errors";
import { lookUp } from "./onPath";
import type { Progress, Tool } from "./tool";
import { pathRules, sources, toolsOf, type PathRule, type Source } from "./catalogue";

/** A source that has to be built or downloaded first. */
export interface Step {
  /** Describes the step, and why it takes time. */
  readonly title: string;
  readonly run: (progress: Progress) => Promise<void>;
}

/** The steps that provide some tools. */
export interface Plan {
  readonly steps: readonly Step[];
  /** Why programs on PATH are not used, one sentence each. */
  readonly notes: readonly string[];
  /** Returns the tools; call it after all steps. */
  readonly resolve: () => Map<string, Tool>;
}

/** The available tools; tests use others. */
export interface Catalogue {
  readonly sources: Readonly<Record<string, Source>>;
  readonly pathRules: Readonly<Record<string, PathRule>>;
  /** Folder with a subfolder for each Go module. */
  readonly folder: string;
}

/** The sandbox's own tools. */
const catalogue: Catalogue = { sources, pathRules, folder: __dirname };

/** Names of all tools. */
export function allTools({ sources }: Catalogue = catalogue): string[] {
  return Object.values(sources).flatMap(toolsOf);
}

/** Finds the available tools, and plans the steps for the others. */
export async function planTools(
  names: readonly string[],
  environment: NodeJS.ProcessEnv,
  { sources, pathRules, folder }: Catalogue = catalogue,
): Promise<Plan> {
  const cache = join(cacheFolder(environment), "tools");
  const owners = findOwners(names, sources);
  const lookups = await Promise.all(
    names.map(async (name) => {
      const rule = pathRules[name];
      return rule && { name, ...(await lookUp(name, rule, environment, cache)) };
    }),
  );
  const found = new Map<string, Tool>();
  const notes: string[] = [];
  for (const lookup of lookups) {
    if (lookup?.kind === "fits") {
      found.set(lookup.name, { path: lookup.path, source: "PATH", version: lookup.version });
    } else if (lookup?.kind === "refused") {
      notes.push(`\`${lookup.path}\` is not used: ${lookup.reason}.`);
    }
  }

  // One entry for each source, which several tools can share.
  const entries = new Map<string, Entry>();
  for (const [tool, [name, source]] of owners) {
    if (found.has(tool) || entries.has(name)) continue;
    entries.set(name, createEntry(name, source, join(folder, name), cache));
  }
  const steps = [...entries.values()]
    .filter((entry) => !existsSync(entry.home))
    .map((entry) => ({
      title: renderTitle(entry),
      run: (progress: Progress) => fillEntry(entry, environment, progress),
    }));
  return {
    steps,
    notes,
    resolve: () => {
      const made = [...entries.values()].flatMap(readTools);
      const all = new Map([...made, ...found]);
      return new Map([...all].filter(([name]) => owners.has(name)));
    },
  };
}

type Owner = readonly [name: string, source: Source];

/** Finds the source of each tool, in the order of the names. */
function findOwners(
  names: readonly string[],
  sources: Readonly<Record<string, Source>>,
): Map<string, Owner> {
  const all = new Map(
    Object.entries(sources).flatMap((owner) =>
      toolsOf(owner[1]).map((tool) => [tool, owner] as const),
    ),
  );
  const owners = new Map<string, Owner>();
  const unknown: string[] = [];
  for (const name of names) {
    const owner = all.get(name);
    if (owner === undefined) unknown.push(`\`${name}\``);
    else owners.set(name, owner);
  }
  if (unknown.length > 0) {
    const known = [...all.keys()].sort().join(", ");
    throw new ToolError(`No such tool: ${unknown.join(", ")}. There are ${known}.`);
  }
  return owners;
}

/** Returns a PATH with all these tools, followed by the machine's own. */
export function computePath(tools: ReadonlyMap<string, Tool>, path: string): string {
  const folders = [...tools.values()]
    .filter(({ source }) => source !== "PATH")
    .map((tool) => dirname(tool.path));
  return [...new Set(folders), path].join(delimiter);
}
