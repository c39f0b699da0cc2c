import * as path from "node:path";

import ts from "typescript";

const repository = path.resolve(__dirname, "..", "..", "..");

/**
 * Finds the mistakes in the types of programs that import the package, as the compiler reports them.
 *
 * @param files relative to the repository's top
 */
export function findTypeProblems(files: readonly string[]): string[] {
  const program = ts.createProgram(
    files.map((file) => path.resolve(repository, file)),
    {
      strict: true,
      module: ts.ModuleKind.NodeNext,
      target: ts.ScriptTarget.ES2022,
      skipLibCheck: true,
      noEmit: true,
      types: ["node"],
      typeRoots: [path.join(repository, "node_modules", "@types")],
      // The package is not installed here. These are its sources, which need this library.
      lib: ["lib.es2023.d.ts"],
      paths: {
        slipway: [path.join(repository, "components/index.ts")],
        "slipway/program": [path.join(repository, "index.ts")],
      },
    },
  );
  return ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
    const text = ts.flattenDiagnosticMessageText(messageText, "\n");
    return `${path.relative(repository, file?.fileName ?? "")}: ${text}`;
  });
}
