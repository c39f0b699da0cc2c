/**
 * Text with values in it, before it is rendered as Markdown or for a terminal. Values are separate from words, so
 * that each renderer can make sure that a value has no effect: the author of the merge request chooses a resource's
 * name.
 */
export type Sentence = readonly Span[];

/** Words of this program, or a value. */
export type Span = string | { readonly value: string };

/**
 * Creates a sentence: inserted text becomes a value, inserted numbers and sentences become words.
 *
 * @example
 * sentence`The Deployment ${name} rolls ${count} pods.`
 */
export function sentence(
  words: TemplateStringsArray,
  ...values: readonly (string | number | Sentence)[]
): Sentence {
  return words.flatMap((text, index): Sentence => [text, ...toSpans(values[index])]);
}

/** Joins with commas, and the last two with "and". */
export function enumerate(parts: readonly Sentence[]): Sentence {
  return parts.flatMap((part, index) => {
    if (index === 0) return part;
    return [index === parts.length - 1 ? " and " : ", ", ...part];
  });
}

/** Creates a sentence without values, such as a plural. */
export function words(text: string): Sentence {
  return [text];
}

/** Renders a count with its noun: `1 resource`, `2,000 resources`. */
export function countOf(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? noun : plural}`;
}

function toSpans(value: string | number | Sentence | undefined): Sentence {
  if (value === undefined) return [];
  if (typeof value === "string") return [{ value }];
  return typeof value === "number" ? [value.toLocaleString("en")] : value;
}
