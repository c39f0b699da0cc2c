import * as fs from "node:fs";

import * as grpc from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";

import { EngineLog } from "./engine";
import { buildHandlers } from "./handlers";
import type { Engine, Provider } from "./provider";

/** A listening server of a plugin. */
export interface PluginServer {
  readonly port: number;
  close(): void;
}

/** Starts a provider's gRPC service on the loopback interface. */
export async function startServer(
  createProvider: (engine: Engine) => Provider,
  engineAddress?: string,
): Promise<PluginServer> {
  const engine = new EngineLog();
  if (engineAddress !== undefined) {
    engine.connect(engineAddress);
  }
  // A large state can exceed gRPC's default limit of 4 MB; the engine itself allows 400 MB.
  const server = new grpc.Server({
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });
  const provider = createProvider(engine);
  server.addService(ResourceProviderService, buildHandlers(provider, engine));
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    ),
  );
  return {
    port,
    close: () => {
      provider.cancel();
      server.forceShutdown();
    },
  };
}

/**
 * Runs a plugin for the engine, which passes its address as an argument and reads the port from the first line of
 * stdout.
 */
export async function runPlugin(createProvider: (engine: Engine) => Provider): Promise<void> {
  const address = process.argv.slice(2).find((argument) => !argument.startsWith("-"));
  const server = await startServer(createProvider, address);
  endWithEngine(() => {
    server.close();
    process.exit(0);
  });
  process.stdout.write(`${String(server.port)}\n`);
}

/**
 * Ends the plugin with the engine, even if the engine is killed: the kernel then closes the engine's end of the stdin
 * pipe.
 */
function endWithEngine(end: () => void): void {
  process.on("SIGTERM", end);
  process.on("SIGINT", end);
  const stdin = fs.fstatSync(0);
  if (stdin.isFIFO() || stdin.isSocket()) {
    process.stdin.on("end", end).on("close", end).resume();
  }
}
