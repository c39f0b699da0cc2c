import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

import { UserError } from "../errors";

/** Name of the Pulumi project in a folder. */
export function readProjectName(cwd: string): string {
  const file = join(cwd, "Pulumi.yaml");
  if (!existsSync(file)) {
    throw new UserError(
      `There is no \`${file}\`. Run this in the project's folder, or name it with \`--cwd\`.`,
    );
  }
  const { name } = parse(readFileSync(file, "utf8")) as { name?: unknown };
  if (typeof name !== "string") throw new UserError(`\`${file}\` has no \`name\`.`);
  return name;
}
