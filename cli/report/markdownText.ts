import { cutLine } from "./limits";
import type { Sentence } from "./sentence";

/**
 * Renders a value as inline code, in which nothing has an effect: no mention, no quick action, no link.
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

/** Renders a sentence as Markdown: its words unchanged, its values as code. */
export function renderSentence(sentence: Sentence): string {
  return sentence
    .map((span) => (typeof span === "string" ? span : renderCode(span.value)))
    .join("");
}

/** Prefix of a line in a code block, which decides its colour in GitLab's `diff` blocks. */
export type LinePrefix = "+ " | "- " | "! ";

/** Lines of a code block with the same prefix. */
export interface PrefixedText {
  readonly prefix: LinePrefix;
  readonly text: string;
}

/**
 * Renders a code block in which every line has a prefix. So no line can end the block, or begin with a slash, which
 * in a note would be a quick action (`/approve`) with the rights of the token's owner.
 */
export function renderBlock(lines: readonly PrefixedText[]): string {
  const prefixed = lines.flatMap(({ prefix, text }) =>
    text.split(/\r\n|[\n\r\u2028\u2029]/).map((line) => `${prefix}${line}`.trimEnd()),
  );
  return ["```diff", ...prefixed, "```"].join("\n");
}
