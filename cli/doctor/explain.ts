import { stripVTControlCharacters } from "node:util";

import { messageGroups } from "./messages/index";
import type { KnownMessage } from "./messages/message";

/** A message that was found in a text. */
export interface Explanation extends Pick<KnownMessage, "program" | "endsPull"> {
  /** The literal message, as the table has it. */
  readonly message: string;
  /** Meaning, with the names of the text. */
  readonly means: string;
  readonly isNot: string;
  readonly next: string;
}

interface Candidate {
  readonly known: KnownMessage;
  readonly rank: number;
  readonly names: Readonly<Record<string, string>>;
}

/** Placeholders whose text may contain blanks. */
const phrases = new Set(
  "alert command count end file more names now place reason request requested start status used".split(
    " ",
  ),
);

/**
 * Explains the message of a program, which may be a part of a longer text.
 *
 * Of several messages in the text it prefers the one that is not only around another, and then the longest.
 *
 * @param table messages to look for; by default all
 * @returns undefined if the text contains none of them
 */
export function explain(
  text: string,
  table: readonly KnownMessage[] = messageGroups.flatMap(({ messages }) => messages),
): Explanation | undefined {
  const plain = stripVTControlCharacters(text);
  const [best] = table
    .flatMap((known) => findCandidate(known, plain) ?? [])
    .sort((one, other) => other.rank - one.rank);
  if (best === undefined) return undefined;
  const { known, names } = best;
  const fill = (sentence: string): string =>
    sentence.replace(/<(\w+)>/g, (placeholder, name: string) => names[name] ?? placeholder);
  const { endsPull, message, program } = known;
  return {
    program,
    message,
    endsPull,
    means: fill(known.means),
    isNot: known.isNot,
    next: fill(known.next),
  };
}

/** Ranks that no length of a message reaches. */
const outranksAll = 10_000;

function findCandidate(known: KnownMessage, text: string): Candidate | undefined {
  const base = known.hidesOthers ? outranksAll : known.isWrapper ? -outranksAll : 0;
  const [best] = [known.message, ...(known.also ?? [])]
    .flatMap((wording) => {
      const match = createPattern(wording).exec(text);
      const length = wording.replace(/<\w+>/g, "").length;
      return match === null ? [] : [{ known, rank: base + length, names: match.groups ?? {} }];
    })
    .sort((one, other) => other.rank - one.rank);
  return best;
}

/**
 * Creates the expression for a literal message. Line breaks count as blanks, since terminals wrap lines, and a quotation
 * mark may be escaped, as in JSON.
 */
function createPattern(wording: string): RegExp {
  const parts = wording.split(/(<\w+>)/).map((part, index, all) => {
    const name = /^<(\w+)>$/.exec(part)?.[1];
    if (name === undefined) {
      return part
        .replace(/[.*+?^${}()|[\]\\/]/g, "\\$&")
        .replace(/["']/g, `\\\\*["']`)
        .replace(/\s+/g, "\\s+");
    }
    const isLast = all.slice(index + 1).every((rest) => rest === "");
    const character = phrases.has(name) ? "[^\\n]" : '[^\\s"]';
    return `(?<${name}>${character}${isLast ? "+" : "+?"})`;
  });
  return new RegExp(parts.join(""), "i");
}

/** Renders an explanation for a terminal. */
export function renderExplanation({ isNot, means, message, next, program }: Explanation): string {
  return [
    `${program}: ${message}`,
    "",
    `Meaning: ${means}`,
    `It is not ${isNot}.`,
    `Next:    ${next}`,
  ].join("\n");
}
