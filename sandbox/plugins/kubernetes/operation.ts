import type { JsonObject } from "../properties";
import type { Engine } from "../provider";
import type { Awaiter, Report } from "./await/awaiter";
import { chooseTimeout, createAwaiter, skipsAwait } from "./await/select";
import { waitUntilReady } from "./await/wait";
import type { Client } from "./client";
import { nameOf } from "./object";

const READY_SECONDS = 600;

/** What every operation on the cluster works with. */
export interface Operation {
  readonly client: Client;
  readonly engine: Engine;
  readonly urn: string;

  /** Whether fields that other programs own are taken over, unless a resource says otherwise. */
  readonly force: boolean;

  /** Ends what is under way. */
  readonly signal: AbortSignal;

  /** Seconds the resource's options allow; 0 where they say nothing. */
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

/** Reports on a resource, each message once. */
export function createReport({ engine, urn }: Pick<Operation, "engine" | "urn">): Report {
  const said = new Set<string>();
  return (severity, message) => {
    if (!said.has(`${severity} ${message}`)) {
      said.add(`${severity} ${message}`);
      engine.status(severity, urn, message);
    }
  };
}

/** Takes back what was last said beside the resource. */
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
