/**
 * Prose with values in it, before it is Markdown or a terminal's line. Values are kept apart from words, so
 * that each renderer can make sure that a value stays a value: a resource's name is chosen by whoever wrote
 * the merge request.
 */
export type Sentence = readonly Span[];

/** Words of ours, or a value. */
export type Span = string | { readonly value: string };

/**
 * Writes a sentence: text is taken for a value, numbers and other sentences for words.
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

/** Joins by a comma, and the last two by "and". */
export function enumerate(parts: readonly Sentence[]): Sentence {
  return parts.flatMap((part, index) => {
    if (index === 0) return part;
    return [index === parts.length - 1 ? " and " : ", ", ...part];
  });
}

/** Words without a value, such as a plural's. */
export function words(text: string): Sentence {
  return [text];
}

/** `1 resource`, `2,000 resources`. */
export function countOf(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? noun : plural}`;
}

function toSpans(value: string | number | Sentence | undefined): Sentence {
  if (value === undefined) return [];
  if (typeof value === "string") return [{ value }];
  return typeof value === "number" ? [value.toLocaleString("en")] : value;
}
