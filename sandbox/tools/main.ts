import { ToolError } from "./errors";
import { runSteps } from "./ensure";
import { checkMachine } from "./machine";
import { allTools, planTools } from "./plan";

const widths = [30, 26, 8];

/** Finds or builds the tools named on the command line, or all, and prints their paths. */
async function main(names: readonly string[]): Promise<void> {
  await checkMachine();
  const plan = await planTools(names.length > 0 ? names : allTools(), process.env);
  await runSteps(plan, "auto");
  const tools = plan.resolve();
  const rows = [...tools].map(([name, { path, source, version }]) => [
    name,
    version ?? "-",
    source,
    path,
  ]);
  const table = [["tool", "version", "from", "path"], ...rows].map((row) =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(""),
  );
  console.log([...table, ...plan.notes].join("\n"));
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof ToolError ? error.message : error);
  process.exitCode = error instanceof ToolError ? 1 : 70;
});
