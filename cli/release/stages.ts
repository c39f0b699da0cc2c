import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { shortenStackName } from "../../components/release/stackName";
import { UserError } from "../errors";
import { findStackFile, readProject } from "../pulumi/project";
import { parseYaml } from "../pulumi/yamlFile";

/** A stack that has a file, which says where its releases come from. */
export interface Stage {
  readonly stack: string;
  /** Stack that it takes its releases from, as its file names it; undefined if none is named. */
  readonly promoteFrom: string | undefined;
}

/**
 * Lists the stacks that have a file in the project.
 *
 * @throws UserError if a file is not YAML
 */
export function listStages(cwd: string): Stage[] {
  const folder = join(cwd, readProject(cwd).stackFolder);
  return (existsSync(folder) ? readdirSync(folder).sort() : [])
    .flatMap((file) => /^Pulumi\.([\w-]+)\.ya?ml$/.exec(file)?.[1] ?? [])
    .map((stack) => ({
      stack,
      promoteFrom: readPromoteFrom(join(cwd, findStackFile(cwd, stack))),
    }));
}

/** Commands that take a stack's release to the next stages; empty if there are none, or if a file can't be read. */
export function listPromotions(cwd: string, stack: string): string[] {
  const from = shortenStackName(stack);
  try {
    return listStages(cwd)
      .filter(({ promoteFrom }) => promoteFrom && shortenStackName(promoteFrom) === from)
      .map(({ stack: to }) => `npx slipway promote ${from} ${to}`);
  } catch (error) {
    // The update has ended well: a file of another stack is no reason to fail.
    if (error instanceof UserError) return [];
    throw error;
  }
}

function readPromoteFrom(file: string): string | undefined {
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const { config } = (parseYaml(file, text).toJS() ?? {}) as { config?: Record<string, unknown> };
  const [, value] =
    Object.entries(config ?? {}).find(([key]) => key.endsWith(":promoteFrom")) ?? [];
  return typeof value === "string" ? value : undefined;
}
