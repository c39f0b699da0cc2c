import { connect } from "node:net";

import * as pulumi from "@pulumi/pulumi";

/** How often the engine is looked for, in milliseconds. */
const intervalMs = 1000;

/**
 * Ends this process when the engine that runs the program ends, for example by `kill -9`.
 *
 * Without it the SDK can run for ever: it logs that a message could not be delivered, writing the log fails with
 * EPIPE because its reader has ended, and the SDK logs that error too. Call it first in a program; with mocks it does nothing.
 */
export function exitWithEngine(): void {
  const address = findEngineAddress();
  if (address === undefined) return;
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(1);
      throw error;
    });
  }
  setInterval(() => exitIfRefused(address), intervalMs).unref();
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
