import { createReadStream, globSync, openSync, readSync, closeSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";

import { listEncodings } from "./secrets";

/** Beginnings of compressed layers. */
const decompressors: readonly [magic: Buffer, create: () => NodeJS.ReadWriteStream][] = [
  [Buffer.from([0x1f, 0x8b]), createGunzip],
  [Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), createZstdDecompress],
];

/**
 * Searches everything that a registry stores, the layers of images and caches included, for secrets: unchanged, in
 * base64 at any offset, and URL-encoded.
 *
 * @param storage folder of the registry's storage
 * @param secrets values by a name that may be shown
 * @returns `<name>, <encoding>: <blob>` for each that is found
 */
export async function findInBlobs(
  storage: string,
  secrets: Readonly<Record<string, string>>,
): Promise<string[]> {
  const patterns = Object.entries(secrets).flatMap(([name, secret]) =>
    listEncodings(secret).map(([encoding, text]) => ({
      name: `${name}, ${encoding}`,
      bytes: Buffer.from(text),
    })),
  );
  const found: string[] = [];
  for (const blob of listBlobs(storage)) {
    const names = await search(join(storage, blob), patterns);
    found.push(...names.map((name) => `${name}: ${blob}`));
  }
  return found;
}

/** Lists the blobs of a registry's storage, each once. */
export function listBlobs(storage: string): string[] {
  return globSync("**/blobs/**/data", { cwd: storage });
}

async function search(
  file: string,
  patterns: readonly { readonly name: string; readonly bytes: Buffer }[],
): Promise<string[]> {
  const longest = Math.max(...patterns.map(({ bytes }) => bytes.length));
  const found = new Set<string>();
  // A secret may begin in one part and end in the next.
  let rest = Buffer.alloc(0);
  for await (const chunk of open(file) as AsyncIterable<Buffer>) {
    const part = Buffer.concat([rest, chunk]);
    for (const { bytes, name } of patterns) if (part.includes(bytes)) found.add(name);
    rest = part.subarray(Math.max(0, part.length - longest + 1));
  }
  return [...found];
}

/** Opens a blob, decompressed if it is compressed. */
function open(file: string): Readable {
  const start = Buffer.alloc(4);
  const descriptor = openSync(file, "r");
  readSync(descriptor, start, 0, start.length, 0);
  closeSync(descriptor);
  const stream = createReadStream(file, { highWaterMark: 1024 * 1024 });
  const create = decompressors.find(([magic]) =>
    start.subarray(0, magic.length).equals(magic),
  )?.[1];
  return create === undefined ? stream : (stream.pipe(create()) as unknown as Readable);
}
