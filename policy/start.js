const { existsSync } = require("node:fs");
const { join } = require("node:path");

// Pulumi requires this folder. A checkout runs its sources, as they are; the published package is compiled.
if (existsSync(join(__dirname, "pack.ts"))) {
  require("tsx/cjs");
  require("./pack.ts");
} else {
  // Not a literal: nothing in a checkout has to be built for the check of imports.
  require(join(__dirname, "../dist/policy/pack.js"));
}
