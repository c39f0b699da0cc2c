/** One thing that is wrong, and how to fix it. */
export interface Problem {
  /** What is wrong: a sentence or two, with a full stop. */
  readonly text: string;

  /** A command that fixes it, or shows what to fix. */
  readonly command: string;
}

/** Formats problems as an indented list: each text, and below it the command. */
export function formatProblems(problems: readonly Problem[]): string {
  return problems.map(({ command, text }) => `  - ${text}\n      ${command}`).join("\n");
}
