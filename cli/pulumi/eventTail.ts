import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";

import { tryParseJson } from "../../components/json";
import type { EngineEvent } from "./engineEvents";

const chunkBytes = 64 * 1024;

/** Reads the engine's event log while the engine writes it. */
export class EventTail {
  private readonly decoder = new StringDecoder("utf8");
  private readonly buffer = Buffer.alloc(chunkBytes);
  private position = 0;
  private rest = "";

  /** @param file the log; it need not exist yet */
  constructor(private readonly file: string) {}

  /** Reads the events since the last call. A line that is not complete yet is left for the next one. */
  public read(): EngineEvent[] {
    const lines = (this.rest + this.readText()).split("\n");
    this.rest = lines.pop() ?? "";
    return lines
      .filter((line) => line !== "" && !line.includes('"severity":"debug"'))
      .map((line) => (tryParseJson(line) ?? {}) as EngineEvent);
  }

  private readText(): string {
    let descriptor: number;
    try {
      descriptor = openSync(this.file, "r");
    } catch {
      return "";
    }
    let text = "";
    try {
      // An update that found its own stale lock starts again, with a new log.
      if (fstatSync(descriptor).size < this.position) this.position = 0;
      for (;;) {
        const count = readSync(descriptor, this.buffer, 0, chunkBytes, this.position);
        if (count === 0) return text;
        this.position += count;
        text += this.decoder.write(this.buffer.subarray(0, count));
      }
    } finally {
      closeSync(descriptor);
    }
  }
}
