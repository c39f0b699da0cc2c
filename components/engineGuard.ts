import { connect } from "node:net";

import * as pulumi from "@pulumi/pulumi";

/** How often the engine and the program are looked at, in milliseconds. */
const intervalMs = 1000;

/** Options of {@link guardProgram}. */
export interface GuardOptions {
  /**
   * After how many milliseconds a program has failed that waits for nothing and has no outputs yet.
   *
   * @default 15 minutes: more than a build takes, whose request may be what Node does not know of
   */
  readonly idleLimitMs?: number;
}

/**
 * Guards a program against ends that its engine misunderstands. Call it first in a program; with mocks it does nothing.
 *
 * - This process ends when the engine ends, for example by `kill -9`. Otherwise the SDK can run for ever: it logs that a
 *   message could not be delivered, writing the log fails with EPIPE because its reader has ended, and the SDK logs that
 *   error too.
 * - It does not end before the outputs are known, or an error is. Node ends a program that waits for nothing that Node
 *   knows of. The SDK then tells the engine that the program is complete, and the engine deletes what it has not registered.
 *
 * It also switches off source maps in stack traces: the SDK keeps a trace for each of its promises, and loads a map for
 * each file in it, a tenth of a preview. `PULUMI_DEBUG_PROMISE_LEAKS`, the SDK's own variable for that, keeps them.
 *
 * @returns what the program passes its outputs through
 */
export function guardProgram({ idleLimitMs = 15 * 60 * 1000 }: GuardOptions = {}): <
  T extends object,
>(
  outputs: T,
) => T {
  const address = findEngineAddress();
  if (address === undefined) return (outputs) => outputs;
  if (!process.env.PULUMI_DEBUG_PROMISE_LEAKS) {
    Reflect.deleteProperty(Error, "prepareStackTrace");
  }
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(1);
      throw error;
    });
  }
  let busyAt = Date.now();
  const timer = setInterval(() => {
    exitIfRefused(address);
    if (pulumi.log.hasErrors()) timer.unref();
    if (!timer.hasRef() || isBusy()) busyAt = Date.now();
    if (Date.now() - busyAt > idleLimitMs) failUnfinished();
  }, intervalMs);
  const finish = (): unknown => timer.unref();
  return (outputs) => {
    // What fails is reported by the SDK.
    Promise.all(Object.values(outputs).map(settle)).then(finish, finish);
    return outputs;
  };
}

/** Whether Node knows of anything that this process waits for, beside the guard's own timer and what it prints to. */
function isBusy(): boolean {
  const waiting = process.getActiveResourcesInfo().filter((name) => !/^(Pipe|TTY)Wrap$/.test(name));
  return waiting.length > 1;
}

function failUnfinished(): void {
  process.stderr.write(
    "error: The program waits for nothing, and its outputs are not known. This is a bug in slipway: please report it. Nothing was deleted, and the next update continues.\n",
  );
  process.exit(1);
}

/** Waits for an output, known or not. The SDK has this property, but not in its types. */
function settle(output: unknown): unknown {
  return pulumi.Output.isInstance(output)
    ? (output as unknown as { readonly isKnown: Promise<boolean> }).isKnown
    : output;
}

interface Address {
  readonly host: string;
  readonly port: number;
}

/** The SDK's client of the engine; its types leave it out. */
interface EngineClient {
  getChannel(): { getTarget(): string };
}

/** Finds the address of the engine; undefined with mocks. */
function findEngineAddress(): Address | undefined {
  const runtime = pulumi.runtime as unknown as { getEngine(): EngineClient | undefined };
  const target = runtime.getEngine()?.getChannel().getTarget() ?? "";
  const [, host, port] = /^(?:dns:)?(.+):(\d+)$/.exec(target) ?? [];
  return host === undefined ? undefined : { host, port: Number(port) };
}

/** Ends this process if nothing listens at the address. Only the engine's end closes it. */
function exitIfRefused(address: Address): void {
  const socket = connect(address);
  socket.unref();
  socket.once("connect", () => socket.destroy());
  socket.once("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "ECONNREFUSED") process.exit(1);
  });
}
