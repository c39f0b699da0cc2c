import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { renderConfigurationPage, renderPulumiYaml } from "./documentation";

/*
 * `npm run generate`: writes from the schema what is a copy of it. Tests compare both files with the schema.
 */

const root = join(__dirname, "..");
const project = join(root, "Pulumi.yaml");

writeFileSync(project, renderPulumiYaml(readFileSync(project, "utf8")));
writeFileSync(join(root, "docs", "configuration.md"), renderConfigurationPage());
