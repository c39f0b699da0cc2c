import { RegistryError } from "../../components/registry/registryClient";
import { UserError } from "../errors";

/** A value, or the reason why it could not be read. */
export type Read<T> = { readonly value: T } | { readonly reason: string };

/** Runs a function on all items, at most `limit` at the same time. */
export async function mapSideBySide<T, R>(
  items: readonly T[],
  limit: number,
  run: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const waiting = items.entries();
  const work = async (): Promise<void> => {
    // All workers share this iterator.
    for (const [index, item] of waiting) results[index] = await run(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work));
  return results;
}

/** Turns an error that the user can fix into its reason, in one line. */
export async function tryRead<T>(read: () => Promise<T>): Promise<Read<T>> {
  try {
    return { value: await read() };
  } catch (error) {
    if (!(error instanceof UserError || error instanceof RegistryError)) throw error;
    return { reason: toLine(error.message) };
  }
}

const longestReason = 240;

function toLine(message: string): string {
  const line = message.replace(/\s+/g, " ").trim();
  return line.length > longestReason ? `${line.slice(0, longestReason - 3)}...` : line;
}
