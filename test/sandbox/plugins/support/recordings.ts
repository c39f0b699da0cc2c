import * as fs from "node:fs";
import * as path from "node:path";

import { textAt } from "../../../../sandbox/plugins/json";
import type { JsonObject } from "../../../../sandbox/plugins/properties";

/** One call that the engine made of the official plugin. */
export interface Recorded {
  readonly recording: string;
  readonly method: string;
  readonly request: JsonObject;
  readonly response?: JsonObject;
  readonly errors?: string[];
}

const FOLDER = path.join(__dirname, "../kubernetes/recordings");

/** Every recorded call, without those that repeat another and without `managedFields`. */
const recordings: readonly Recorded[] = fs
  .readdirSync(FOLDER)
  .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))
  .flatMap((file) =>
    fs
      .readFileSync(path.join(FOLDER, file), "utf8")
      .trim()
      .split("\n")
      .map((line) => ({ recording: file.replace(".jsonl", ""), ...JSON.parse(line) }) as Recorded),
  );

/** The recorded calls of a method, as rows for `it.each` with a title. */
export function recorded(method: string): [string, Recorded][] {
  return recordings
    .filter((call) => call.method === method)
    .map((call) => [
      `${call.recording} ${textAt(call.request, "urn").split("::").slice(-2).join(" ")}`,
      call,
    ]);
}
