import measure from "fast-string-truncated-width";

const ellipsis = "..";

/** Cuts a text to a number of a terminal's columns. Some characters, such as Chinese ones, take two. */
export function cutToColumns(text: string, columns: number): { text: string; width: number } {
  const { ellipsed, index, width } = measure(text, { limit: Math.max(0, columns), ellipsis });
  if (!ellipsed) return { text: text.slice(0, index), width };
  return { text: text.slice(0, index) + ellipsis, width: width + ellipsis.length };
}
