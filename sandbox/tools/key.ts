import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const keyLength = 16;

/** Computes a short checksum of values, which names an entry of the cache. */
export function computeKey(...values: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(values)).digest("hex").slice(0, keyLength);
}

/**
 * Returns what a Go module is built from: name and content of its module files and sources. Go's own version isn't
 * included, because a newer compiler does not justify minutes of building.
 */
export function readModule(folder: string): [name: string, content: string][] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /(^|\/)go\.(mod|sum)$|\.go$/.test(name))
    .sort()
    .map((name) => [name, readFileSync(join(folder, name), "utf8")]);
}
