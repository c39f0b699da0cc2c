#!/usr/bin/env node
// An old Node must be able to parse this file and come as far as its message: no newer syntax, nothing loaded before.
const text = require("fs").readFileSync(`${__dirname}/../package.json`, "utf8");
const needed = JSON.parse(text).engines.node.replace(/^>=/, "");
if (isOlder(process.versions.node, needed)) {
  console.error(
    `error: slipway needs Node ${needed} or newer, and this is Node ${process.versions.node} (${process.execPath}). Install a newer one, or put it first on PATH; for the sandbox of a checkout: eval "$(make -s env)".`,
  );
  process.exitCode = 1;
} else {
  start();
}

function start() {
  const { existsSync } = require("node:fs");
  const { join } = require("node:path");

  require("./compileCache.js");
  // A checkout runs its sources, as they are; the published package has none, and is compiled.
  if (existsSync(join(__dirname, "main.ts"))) {
    require("tsx/cjs");
    require("./main.ts").start();
  } else {
    // Not a literal: nothing in a checkout has to be built for the check of imports.
    require(join(__dirname, "../dist/cli/main.js")).start();
  }
}

/** Compares the first two numbers of versions. */
function isOlder(version, than) {
  const found = version.split(".").map(Number);
  const wanted = than.split(".").map(Number);
  return found[0] < wanted[0] || (found[0] === wanted[0] && found[1] < wanted[1]);
}
