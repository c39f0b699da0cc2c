import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { EventTail } from "../../../cli/pulumi/eventTail";

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tail-"));
  file = join(folder, "events");
});

afterEach(() => rmSync(folder, { recursive: true }));

const line = (message: string, severity = "info"): string =>
  `${JSON.stringify({ diagnosticEvent: { message, severity } })}\n`;

const readMessages = (tail: EventTail) =>
  tail.read().map(({ diagnosticEvent }) => diagnosticEvent?.message);

describe("the tail of an event log", () => {
  it("has each event once, whether or not the file is there yet", () => {
    const tail = new EventTail(file);
    expect(tail.read()).toEqual([]);
    writeFileSync(file, line("one") + line("two"));
    expect(readMessages(tail)).toEqual(["one", "two"]);
    expect(tail.read()).toEqual([]);
    appendFileSync(file, line("three"));
    expect(readMessages(tail)).toEqual(["three"]);
  });

  it("waits for the rest of a line, and of a character", () => {
    const bytes = Buffer.from(line("Größe 日本"));
    const tail = new EventTail(file);
    for (let end = 1; end < bytes.length; end++) {
      appendFileSync(file, bytes.subarray(end - 1, end));
      expect(tail.read()).toEqual([]);
    }
    appendFileSync(file, bytes.subarray(-1));
    expect(readMessages(tail)).toEqual(["Größe 日本"]);
  });

  it("leaves out what is for debugging, and what is no JSON", () => {
    writeFileSync(file, `${line("debug", "debug")}\nnone\n${line("info")}`);
    const found = readMessages(new EventTail(file));
    expect(found.filter((message) => message !== undefined)).toEqual(["info"]);
  });

  it("reads more than one block at once", () => {
    const long = "x".repeat(200_000);
    writeFileSync(file, line(long) + line("end"));
    expect(readMessages(new EventTail(file))).toEqual([long, "end"]);
  });

  it("begins again with a new log", () => {
    const tail = new EventTail(file);
    writeFileSync(file, line("of a run that found a lock, and ended"));
    tail.read();
    writeFileSync(file, line("new"));
    expect(readMessages(tail)).toEqual(["new"]);
  });
});
