import { cutLine } from "./limits";
import type { Sentence } from "./sentence";

/**
 * A value as Markdown code in a line, so that nothing in it works: no mention, no quick action, no link.
 *
 * @see https://spec.commonmark.org/0.31.2/#code-spans
 */
export function renderCode(value: string): string {
  const text = cutLine(value.replace(/\s+/g, " ").trim());
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const blank = text.startsWith("`") || text.endsWith("`") ? " " : "";
  return text === "" ? "`(empty)`" : `${fence}${blank}${text}${blank}${fence}`;
}

/** A sentence as Markdown: its words as they are, its values as code. */
export function renderSentence(sentence: Sentence): string {
  return sentence
    .map((span) => (typeof span === "string" ? span : renderCode(span.value)))
    .join("");
}

/** How a line of a code block begins: GitLab colours a `diff` block by it. */
export type LinePrefix = "+ " | "- " | "! ";

/** Lines of a code block that all begin with a prefix. */
export interface PrefixedText {
  readonly prefix: LinePrefix;
  readonly text: string;
}

/**
 * A code block in which every line has a prefix. No line of it can end the block, nor begin with a slash,
 * which in a note would be a quick action (`/approve`), carried out with the rights of the token's owner.
 */
export function renderBlock(lines: readonly PrefixedText[]): string {
  const prefixed = lines.flatMap(({ prefix, text }) =>
    text.split(/\r\n|[\n\r\u2028\u2029]/).map((line) => `${prefix}${line}`.trimEnd()),
  );
  return ["```diff", ...prefixed, "```"].join("\n");
}
