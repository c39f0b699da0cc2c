import * as grpc from "@grpc/grpc-js";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";

import { describeCause } from "./cause";
import { initializationDetail } from "./messages";
import { InitializationError } from "./provider";
import { redact } from "./redact";

/** Converts an error for gRPC, without any of the given secrets in its text. */
export function toServiceError(
  error: unknown,
  secrets: readonly string[],
): Partial<grpc.StatusObject> {
  const message = redact(describeCause(error), secrets);
  const failure = { code: grpc.status.UNKNOWN, details: message };
  if (!(error instanceof InitializationError)) {
    return failure;
  }
  const reasons = [message, ...error.reasons.map((reason) => redact(reason, secrets))];
  const detail = new Any();
  detail.pack(
    initializationDetail(error, reasons).serializeBinary(),
    "pulumirpc.ErrorResourceInitFailed",
  );
  const status = new Status().setCode(failure.code).setMessage(message).setDetailsList([detail]);
  const metadata = new grpc.Metadata();
  // The standard gRPC field for structured errors: Go's library reads it, but Node's doesn't write it.
  metadata.set("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  return { ...failure, metadata };
}
