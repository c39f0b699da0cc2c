import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const keyLength = 16;

/** A short checksum of values, by which an entry of the cache is known. */
export function computeKey(...values: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(values)).digest("hex").slice(0, keyLength);
}

/**
 * What a Go module is built from: name and content of its module files and sources. Go's own version isn't
 * among them: a newer compiler does not justify building for minutes again.
 */
export function readModule(folder: string): [name: string, content: string][] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /(^|\/)go\.(mod|sum)$|\.go$/.test(name))
    .sort()
    .map((name) => [name, readFileSync(join(folder, name), "utf8")]);
}
