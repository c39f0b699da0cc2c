import { listAt } from "../../json";
import type { Client } from "../client";
import { follow } from "../follow";
import { nameOf, namespaceOf } from "../object";
import type { Awaiter, Related } from "./awaiter";

const REMINDER_MS = 10_000;
const SETTLED_MS = 10_000;

/** How a wait ended. */
export type Outcome = "ready" | "timeout" | "cancelled";

/** An object to wait for, and how long. */
export interface WaitOptions {
  readonly client: Client;
  readonly awaiter: Awaiter;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Passes events to an awaiter until its object is ready or the timeout is over. */
export async function waitUntilReady(options: WaitOptions): Promise<Outcome> {
  const { client, awaiter, timeoutMs, signal } = options;
  const ended = new AbortController();
  const timers: NodeJS.Timeout[] = [];
  awaiter.begin?.();
  try {
    return await new Promise<Outcome>((resolve, reject) => {
      const check = () => {
        if (awaiter.isReady()) {
          resolve("ready");
        }
      };
      const settle = setTimeout(() => {
        awaiter.settle?.();
        check();
      }, SETTLED_MS);
      timers.push(
        settle,
        setInterval(() => awaiter.remind?.(), REMINDER_MS),
        setTimeout(() => resolve("timeout"), timeoutMs),
      );
      signal.addEventListener("abort", () => resolve("cancelled"), { once: true });

      const pump = async (related: Related) => {
        const { collection, fieldSelector } = await locate(client, awaiter, related);
        const until = AbortSignal.any([signal, ended.signal]);
        for await (const event of follow(client, collection, until, { fieldSelector })) {
          awaiter.observe(related.kind, event);
          if (related.kind === "Endpoints") {
            settle.refresh();
          }
          check();
        }
      };
      awaiter.related.forEach((related) => void pump(related).catch(reject));
    });
  } finally {
    ended.abort();
    timers.forEach(clearTimeout);
  }
}

/** Checks once, without waiting, if an awaiter's object is ready. */
export async function isReadyNow(client: Client, awaiter: Awaiter): Promise<boolean> {
  for (const related of awaiter.related) {
    const { collection, fieldSelector } = await locate(client, awaiter, related);
    const list = await client.call("GET", collection, { query: { fieldSelector } });
    for (const object of listAt(list, "items")) {
      awaiter.observe(related.kind, { type: "ADDED", object });
    }
  }
  awaiter.settle?.();
  return awaiter.isReady();
}

async function locate(client: Client, { latest }: Awaiter, related: Related) {
  const { apiVersion, kind, sameName } = related;
  return {
    collection: await client.collectionPath({ apiVersion, kind }, namespaceOf(latest)),
    fieldSelector: sameName === true ? `metadata.name=${nameOf(latest)}` : undefined,
  };
}
