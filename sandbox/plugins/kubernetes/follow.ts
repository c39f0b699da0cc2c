import { setTimeout as sleep } from "node:timers/promises";

import { at, listAt, textAt } from "../json";
import { isObject } from "../properties";
import type { JsonObject } from "../properties";
import { ApiError } from "./client";
import type { Client } from "./client";
import { nameOf } from "./object";

/** An event about an object. */
export interface ObjectEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: JsonObject;
}

/** Which objects to follow. */
export interface FollowOptions {
  readonly fieldSelector?: string;

  /** Objects that are known to exist; if the first list lacks one, it counts as deleted. */
  readonly seen?: readonly JsonObject[];
}

const RECONNECT_MS = 1000;

/**
 * Yields the objects of a collection, then every change to them, until the signal aborts. A watch that breaks or is
 * too old starts again with a new list. Objects that disappeared meanwhile count as deleted.
 */
export async function* follow(
  client: Client,
  collection: string,
  signal: AbortSignal,
  { fieldSelector, seen = [] }: FollowOptions = {},
): AsyncGenerator<ObjectEvent> {
  const known = new Map(seen.map((object) => [nameOf(object), object]));
  while (!signal.aborted) {
    try {
      const list = await client.call("GET", collection, { query: { fieldSelector }, signal });
      yield* relist(known, list);
      const query = {
        fieldSelector,
        watch: "true",
        resourceVersion: textAt(list, "metadata", "resourceVersion"),
      };
      for await (const line of client.stream(collection, { query, signal })) {
        const event = toEvent(line);
        if (event === undefined) {
          break;
        }
        remember(known, event);
        yield event;
      }
    } catch (error) {
      if (!signal.aborted && error instanceof ApiError && error.code < 500 && error.code !== 410) {
        throw error;
      }
    }
    await sleep(RECONNECT_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** Compares a new list with the known objects. List items have neither kind nor version. */
function* relist(known: Map<string, JsonObject>, list: JsonObject): Generator<ObjectEvent> {
  const items = listAt(list, "items");
  const names = new Set(items.map(nameOf));
  for (const [name, object] of known) {
    if (!names.has(name)) {
      known.delete(name);
      yield { type: "DELETED", object };
    }
  }
  for (const object of items) {
    known.set(nameOf(object), object);
    yield { type: "ADDED", object };
  }
}

function remember(known: Map<string, JsonObject>, { type, object }: ObjectEvent): void {
  if (type === "DELETED") {
    known.delete(nameOf(object));
  } else {
    known.set(nameOf(object), object);
  }
}

/** Converts a line of a watch into an event; `undefined` if it is an error or is not about an object. */
function toEvent(line: JsonObject): ObjectEvent | undefined {
  const object = at(line, "object");
  const { type } = line;
  const known = type === "ADDED" || type === "MODIFIED" || type === "DELETED";
  return known && isObject(object) ? { type, object } : undefined;
}
