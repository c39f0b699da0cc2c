import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { renderPolicyPage } from "./documentation";

/* A part of `npm run generate`: writes the page of the policies from their rules. A test compares both. */

writeFileSync(join(__dirname, "..", "docs", "policy.md"), renderPolicyPage());
