/** Folder: the files of ours that it may import, beside packages. A path counts however the import spells it. */
const mayImport = {
  "index.ts": "^(config/config|components/index)\\.ts$",
  "config/": "^(config|components)/",
  "components/": "^components/",
  "policy/": "^(policy|components)/",
  "cli/": "^(cli|config|components)/",
  "sandbox/": "^sandbox/",
  "sandbox/host/": "^sandbox/host/",
  "sandbox/tools/": "^sandbox/tools/",
  "sandbox/cluster/": "^sandbox/(cluster|host|tools)/",
  "sandbox/images/": "^sandbox/(images|host|tools)/",
  "sandbox/services/": "^sandbox/(services|host|tools|gitlab/seed)/",
  "sandbox/plugins/": "^sandbox/plugins/",
  "sandbox/gitlab/": "^sandbox/gitlab/",
  "sandbox/gitlab/entities/": "^sandbox/gitlab/(?!api/)",
  "sdks/": "^sdks/",
  "release/": "^release/",
  "website/convert/": "^website/convert/",
};

// The local SDK is a package to those that import it.
const packages = "^(node_modules|sdks/gitlab)/";

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "no-circle",
      comment:
        "Files must not import each other in a circle. Move what both need to a file of its own.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    ...Object.entries(mayImport).map(([from, allowed]) => ({
      name: `${from.replaceAll("/", "-").replace(/-$/, "")}-imports`,
      comment: `${from} imports packages, and of ours only what matches ${allowed}.`,
      severity: "error",
      from: { path: `^${from.replace(".", "\\.")}` },
      to: { pathNot: [allowed, packages], dependencyTypesNot: ["core"] },
    })),
    {
      name: "no-unresolvable",
      comment: "Each import must lead to a file or a package.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: "^node_modules" },
    // Of the documentation's site the conversion is checked, which the tests run.
    exclude: {
      path: "^(\\.sandbox|dist|docs/api|examples|sdks/gitlab/bin|site|templates/new|website/(?!convert/))/?",
    },
    // Imports of types count, too.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["require", "node", "types", "default"],
    },
  },
};
