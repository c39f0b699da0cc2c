import js from "@eslint/js";
import jest from "eslint-plugin-jest";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["node_modules/", ".sandbox/", "coverage/", "test-results/", "site/"] },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  js.configs.recommended,
  {
    files: ["**/*.ts"],
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
    // What these print is their product.
    files: ["cli/**/*.ts", "sandbox/**/*.ts", "bench/**/*.ts", "test/gate.ts"],
    rules: { "no-console": "off" },
  },
  {
    // Commands are loaded when they run.
    files: ["cli/program.ts"],
    rules: { "@typescript-eslint/no-require-imports": ["error", { allow: ["^\\./commands/"] }] },
  },
  {
    // What Jest loads as it is.
    files: ["**/*.js"],
    languageOptions: {
      sourceType: "commonjs",
      globals: { module: "writable", require: "readonly" },
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
    // Parts of credentials.soak.ts, which starts the sandbox once for all of them.
    files: ["test/soak/credentials/*.ts"],
    rules: { "jest/no-export": "off" },
  },
);
