// Preloaded into a process: at its end it writes which modules were loaded to the file in LIST_MODULES.
const { writeFileSync } = require("node:fs");
const process = require("node:process");

process.on("exit", () => {
  writeFileSync(process.env.LIST_MODULES, JSON.stringify(Object.keys(require.cache)));
});
