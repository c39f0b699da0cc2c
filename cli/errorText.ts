import { styleText } from "node:util";

const colors = { error: "red", warning: "yellow" } as const;

/** Renders an error or a warning, the same everywhere. */
export function renderProblem(severity: keyof typeof colors, text: string, color: boolean): string {
  const word = `${severity}:`;
  return `${color ? styleText(colors[severity], word, { validateStream: false }) : word} ${text}`;
}
