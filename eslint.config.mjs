import js from "@eslint/js";
import jest from "eslint-plugin-jest";
import tseslint from "typescript-eslint";

export default tseslint.config(
  {
    ignores: [
      "node_modules/",
      ".sandbox/",
      "coverage/",
      "dist/",
      "docs/api/",
      // Programs of their own: test/examples checks their types against the package's.
      "examples/",
      "templates/new/",
      "sdks/gitlab/bin/",
      "test-results/",
      "site/",
      // Of the documentation's site, the conversion is checked: the rest is Gatsby's and the browser's.
      "website/*",
      "!website/convert/",
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  { rules: { "max-lines": ["error", 300] } },
  // The program has no logic: it hands groups of the configuration to components.
  { files: ["index.ts"], rules: { "max-lines": ["error", 100] } },
  js.configs.recommended,
  {
    files: ["**/*.{ts,mts}"],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "no-console": "error",
      "no-restricted-syntax": [
        "error",
        { selector: "ExportDefaultDeclaration", message: "Use named exports." },
      ],
    },
  },
  {
    // The configuration's types are inferred from the schema: a cast could claim what was never parsed.
    files: ["config/**/*.ts"],
    rules: {
      "@typescript-eslint/consistent-type-assertions": ["error", { assertionStyle: "never" }],
    },
  },
  {
    // What these print is their product.
    files: ["cli/**/*.ts", "sandbox/**/*.ts", "bench/**/*.ts", "release/main.ts", "test/gate.ts"],
    rules: { "no-console": "off" },
  },
  {
    // What is read there comes from outside: it is checked, not asserted.
    files: ["config/**/*.ts"],
    rules: {
      "@typescript-eslint/consistent-type-assertions": ["error", { assertionStyle: "never" }],
    },
  },
  {
    // Commands are loaded when they run.
    files: ["cli/commandLine/*.ts"],
    rules: { "@typescript-eslint/no-require-imports": ["error", { allow: ["^\\.\\./commands/"] }] },
  },
  {
    // A pipe needs no page.
    files: ["cli/doctor/watchedUpdate.ts"],
    rules: { "@typescript-eslint/no-require-imports": ["error", { allow: ["^\\.\\./progress/"] }] },
  },
  {
    // What Jest loads as it is.
    files: ["**/*.js"],
    languageOptions: {
      sourceType: "commonjs",
      globals: {
        __dirname: "readonly",
        console: "readonly",
        module: "writable",
        process: "readonly",
        require: "readonly",
      },
    },
  },
  {
    files: ["test/**/*.ts"],
    extends: [jest.configs["flat/recommended"]],
    rules: {
      "@typescript-eslint/no-non-null-assertion": "off",
      "jest/expect-expect": ["error", { assertFunctionNames: ["expect", "expect*"] }],
    },
  },
  {
    // Parts of credentials.soak.ts and doctor.soak.ts, which start the sandbox once for all of theirs.
    files: ["test/soak/{credentials,doctor}/*.ts"],
    rules: { "jest/no-export": "off" },
  },
);
