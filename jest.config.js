// Packages that are published as ES modules only: Jest runs CommonJS, so they are transformed too.
const esm = [
  "@inquirer/[^/]+",
  "commander",
  "cookie",
  "fast-check",
  "fast-string-truncated-width",
  "github-slugger",
  "jose",
  "listr2",
  "p-wait-for",
  "pure-rand",
  "re2js",
].join("|");

/** @type {import("jest").Config} */
const shared = {
  testEnvironment: "node",
  transform: {
    "^.+\\.(m?ts|m?js)$": [
      "@swc/jest",
      { jsc: { parser: { syntax: "typescript" }, target: "es2023" }, module: { type: "commonjs" } },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esm})/)`],
  // What an example imports from the package.
  moduleNameMapper: {
    "^slipway$": "<rootDir>/components/index.ts",
    "^slipway/program$": "<rootDir>/index.ts",
  },
  modulePathIgnorePatterns: [
    "/.sandbox/",
    "/dist/",
    "/sdks/gitlab/bin/",
    "/site/",
    "/website/(node_modules|public|.cache)/",
  ].map((folder) => `<rootDir>${folder}`),
};

/** @type {import("jest").Config} */
module.exports = {
  // Nothing here is timed: a machine that is busy with other things is slow, not wrong.
  testTimeout: 60_000,
  testSequencer: "<rootDir>/test/e2e/support/inOrder.js",
  coverageDirectory: "coverage",
  // V8's own counts take four times as long: they are converted for each file of each suite. Istanbul counts more branches,
  // such as each default of a parameter.
  coverageProvider: "babel",
  collectCoverageFrom: ["index.ts", "{cli,components,config,policy,sdks}/**/*.ts"],
  coverageThreshold: { global: { statements: 95, branches: 87 } },
  projects: [
    {
      ...shared,
      displayName: "unit",
      testMatch: ["<rootDir>/test/**/*.test.ts"],
      testPathIgnorePatterns: ["/e2e/"],
    },
    {
      ...shared,
      displayName: "e2e",
      testMatch: ["<rootDir>/test/e2e/*.e2e.ts"],
    },
    {
      ...shared,
      displayName: "soak",
      testMatch: ["<rootDir>/test/soak/*.soak.ts"],
    },
  ],
};
