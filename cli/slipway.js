#!/usr/bin/env node
const { existsSync } = require("node:fs");
const { enableCompileCache } = require("node:module");
const { join } = require("node:path");

enableCompileCache();
// A checkout runs its sources, as they are; the published package has none, and is compiled.
if (existsSync(join(__dirname, "main.ts"))) {
  require("tsx/cjs");
  require("./main.ts").start();
} else {
  // Not a literal: nothing in a checkout has to be built for the check of imports.
  require(join(__dirname, "../dist/cli/main.js")).start();
}
