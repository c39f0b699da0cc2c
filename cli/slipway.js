#!/usr/bin/env node
// Node runs this file, and tsx the rest, which is TypeScript.
require("tsx/cjs");
require("./main.ts").start();
