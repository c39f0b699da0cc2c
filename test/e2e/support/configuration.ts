import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { parse, stringify } from "yaml";

/** Sets keys of a stack in a checkout, and removes those that are undefined. */
export function configureStack(
  folder: string,
  stack: string,
  values: Readonly<Record<string, unknown>>,
  project = "gatsby-site",
): void {
  const file = join(folder, `Pulumi.${stack}.yaml`);
  const content = parse(readFileSync(file, "utf8")) as { config: Record<string, unknown> };
  for (const [key, value] of Object.entries(values)) {
    if (value === undefined) delete content.config[`${project}:${key}`];
    else content.config[`${project}:${key}`] = value;
  }
  writeFileSync(file, stringify(content));
}
