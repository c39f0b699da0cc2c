const fs = require("node:fs");
const path = require("node:path");
const process = require("node:process");
const { setTimeout: sleep } = require("node:timers/promises");

// Pulumi waits for the program's outputs, so the update holds its lock until the file `go` exists.
const folder = process.env.LOCK_FOLDER;
fs.writeFileSync(path.join(folder, "running"), "");
module.exports.released = (async () => {
  while (!fs.existsSync(path.join(folder, "go"))) await sleep(20);
  return true;
})();
