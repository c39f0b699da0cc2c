import type { ParseResult } from "./parameters";

/**
 * Parses any words, as a list or separated by commas. A value that is neither text nor a list counts as an empty
 * list.
 *
 * @see https://gitlab.com/gitlab-org/gitlab/-/blob/master/lib/api/validations/types/comma_separated_to_array.rb
 */
export function words(given: unknown): ParseResult<string[]> {
  return { value: split(given).filter((word) => word !== "") };
}

/** Parses several of the allowed words, as a list or separated by commas. */
export function wordsOf<W extends string>(allowed: readonly W[]) {
  return (given: unknown): ParseResult<W[]> => allWordsOf(allowed, split(given));
}

/** Parses several of the allowed words, as a list, as an object's values, or as one word. Commas don't separate. */
export function listOf<W extends string>(allowed: readonly W[]) {
  return (given: unknown): ParseResult<W[]> => {
    const isList = typeof given === "object" && given !== null;
    return allWordsOf(allowed, isList ? Object.values(given) : [given]);
  };
}

/** Parses whole numbers, as a list or separated by commas. As in Ruby, text without a number is 0. */
export function integers(given: unknown): ParseResult<number[]> {
  return { value: split(given).map((word) => Number.parseInt(word, 10) || 0) };
}

function allWordsOf<W extends string>(
  allowed: readonly W[],
  items: readonly unknown[],
): ParseResult<W[]> {
  const found = items.filter((item): item is W => allowed.some((word) => word === item));
  return found.length === items.length
    ? { value: found }
    : { problem: "does not have a valid value" };
}

function split(given: unknown): string[] {
  const items: unknown[] = Array.isArray(given) ? given : typeof given === "string" ? [given] : [];
  return items
    .map((item) => (typeof item === "string" ? item : item === null ? "" : JSON.stringify(item)))
    .filter((item) => item !== "")
    .flatMap((item) => item.split(",").map((word) => word.trim()));
}
