/** Removes from a line what would move a terminal's cursor or change its colours, line ends included. */
export function printableLine(line: string): string {
  // eslint-disable-next-line no-control-regex
  return line.replace(/[\u0000-\u001F\u007F-\u009F]/g, "");
}

/** Like {@link printableLine}, for a text that keeps its line ends. */
export function printable(text: string): string {
  return text.split("\n").map(printableLine).join("\n");
}
