import type { JsonObject } from "../properties";
import type { Engine } from "../provider";
import type { Awaiter, Report } from "./await/awaiter";
import { chooseTimeout, createAwaiter, skipsAwait } from "./await/select";
import { waitUntilReady } from "./await/wait";
import type { Client } from "./client";
import { nameOf } from "./object";

const READY_SECONDS = 600;

/** The context of an operation on the cluster. */
export interface Operation {
  readonly client: Client;
  readonly engine: Engine;
  readonly urn: string;

  /** Whether to take over fields that other programs own, unless a resource says otherwise. */
  readonly force: boolean;

  /** Aborts the operation. */
  readonly signal: AbortSignal;

  /** Timeout from the resource's options, in seconds; 0 if there is none. */
  readonly timeout: number;
}

/** The object did not become ready in time. */
export class NotReadyError extends Error {
  override readonly name = "NotReadyError";

  constructor(
    message: string,
    readonly problems: readonly string[],
  ) {
    super(message);
  }
}

/** Creates a function that reports on a resource, each message only once. */
export function createReport({ engine, urn }: Pick<Operation, "engine" | "urn">): Report {
  const said = new Set<string>();
  return (severity, message) => {
    if (!said.has(`${severity} ${message}`)) {
      said.add(`${severity} ${message}`);
      engine.status(severity, urn, message);
    }
  };
}

/** Clears the last message beside the resource. */
export function clearStatus({ engine, urn }: Pick<Operation, "engine" | "urn">): void {
  engine.status("info", urn, "");
}

/** Waits until an object that was created or changed is ready. */
export async function awaitReady(
  operation: Operation,
  live: JsonObject,
  inputs: JsonObject,
): Promise<void> {
  const report = createReport(operation);
  if (skipsAwait(inputs)) {
    report("info", "Skipping await logic");
  } else {
    await untilReady(operation, createAwaiter(live, report), inputs);
  }
  clearStatus(operation);
}

async function untilReady(
  { client, signal, timeout }: Operation,
  awaiter: Awaiter | undefined,
  inputs: JsonObject,
): Promise<void> {
  if (awaiter === undefined) {
    return;
  }
  const timeoutMs = chooseTimeout(inputs, timeout, READY_SECONDS);
  const outcome = await waitUntilReady({ client, awaiter, timeoutMs, signal });
  if (outcome !== "ready") {
    const name = nameOf(awaiter.latest);
    const message =
      outcome === "timeout"
        ? `'${name}' timed out waiting to be Ready`
        : `Resource operation was cancelled for "${name}"`;
    throw new NotReadyError(message, awaiter.problems());
  }
}
