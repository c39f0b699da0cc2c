import * as grpc from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

import type { Engine, Severity } from "./provider";

const SEVERITIES: Record<Severity, LogSeverity> = {
  debug: LogSeverity.DEBUG,
  info: LogSeverity.INFO,
  warning: LogSeverity.WARNING,
  error: LogSeverity.ERROR,
};

const DELIVERY_TIMEOUT_MS = 5000;

/** Sends messages to the engine in their order, as soon as its address is known. */
export class EngineLog implements Engine {
  private client: EngineClient | undefined;
  private last: Promise<void> = Promise.resolve();

  /** Sets the engine's address, `host:port`. */
  connect(address: string): void {
    this.client ??= new EngineClient(address, grpc.credentials.createInsecure());
  }

  log(severity: Severity, urn: string, message: string): void {
    this.send(severity, urn, message, false);
  }

  status(severity: Severity, urn: string, message: string): void {
    this.send(severity, urn, message, true);
  }

  /** Resolves when all messages so far have been delivered. */
  flushed(): Promise<void> {
    return this.last;
  }

  private send(severity: Severity, urn: string, message: string, ephemeral: boolean): void {
    const client = this.client;
    if (client === undefined) {
      return;
    }
    const request = new LogRequest()
      .setSeverity(SEVERITIES[severity])
      .setUrn(urn)
      .setMessage(message)
      .setEphemeral(ephemeral);
    // A message that can't be delivered must neither fail nor delay the operation.
    const deliver = () =>
      new Promise<void>((done) => {
        const options = { deadline: Date.now() + DELIVERY_TIMEOUT_MS };
        client.log(request, new grpc.Metadata(), options, () => done());
      });
    this.last = this.last.then(deliver);
  }
}
