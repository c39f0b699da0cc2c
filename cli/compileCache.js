// Node keeps the compiled form of JavaScript files in a folder of the user's: Pulumi's SDKs are hundreds of files, which
// `slipway`, each preview and each update load. Pulumi's programs load this file before all others, by `nodeargs` in
// Pulumi.yaml. Without a folder that can be written, Node goes on without the cache.
const { enableCompileCache } = require("node:module");
const { join } = require("node:path");

const { HOME, NODE_COMPILE_CACHE, XDG_CACHE_HOME } = process.env;
// Not the folder for temporary files, which Node takes by default: there another user could write.
const caches = XDG_CACHE_HOME || (HOME && join(HOME, ".cache"));
const folder = NODE_COMPILE_CACHE || (caches && join(caches, "slipway", "compiled"));
if (folder) {
  // Programs that this one starts use it too.
  process.env.NODE_COMPILE_CACHE = folder;
  enableCompileCache(folder);
}
