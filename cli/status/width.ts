/** Number of columns that a terminal has at least. */
export const columns = 80;

/** Cuts a text to a number of characters. */
export function cutTo(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, Math.max(0, length - 2))}..`;
}

/**
 * Breaks a text at its blanks into lines. A word that is longer than a line, such as a URL, stays whole.
 *
 * @param length characters for each line
 */
export function wrap(text: string, length: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > length) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
