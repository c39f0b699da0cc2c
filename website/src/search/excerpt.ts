/** A piece of a text: what is before the first word that was found, the word, and what is after it. */
export type Excerpt = readonly [before: string, match: string, after: string];

/** Characters before the word, and in all. */
const charactersBefore = 60;
const length = 180;

/**
 * Cuts a piece out of a section's text, between words.
 *
 * @param terms words of the text that were found, in lower case; none if they are in the heading alone
 */
export function cutExcerpt(text: string, terms: readonly string[]): Excerpt {
  const lower = text.toLowerCase();
  const places = terms.map((term) => [lower.indexOf(term), term] as const);
  const [first] = places.filter(([place]) => place >= 0).sort(([a], [b]) => a - b);
  if (first === undefined) return [shorten(text, length), "", ""];
  const [place, { length: size }] = first;
  // The next word's beginning, unless that is the match's own.
  const word = text.indexOf(" ", Math.max(place - charactersBefore, 0)) + 1;
  const start = place <= charactersBefore ? 0 : word === 0 || word > place ? place : word;
  const end = place + size;
  return [
    `${start > 0 ? "… " : ""}${text.slice(start, place)}`,
    text.slice(place, end),
    shorten(text.slice(end), start + length - end),
  ];
}

/** The words of a text that have room. */
function shorten(text: string, room: number): string {
  return text.length <= room ? text : `${text.slice(0, room).replace(/\s*\S*$/, "")} …`;
}
