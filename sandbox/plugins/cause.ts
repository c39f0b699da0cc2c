/**
 * Returns the message of an error. If all addresses of a host fail, Node's error has no message, but a list of
 * errors.
 */
export function describeCause(cause: unknown): string {
  if (cause instanceof AggregateError) {
    return cause.errors.map(describeCause).join("; ");
  }
  // Not `instanceof Error`: if code runs in a sandbox such as Jest's, errors of Node's core have another realm.
  return typeof cause === "object" && cause !== null && "message" in cause
    ? String(cause.message)
    : String(cause);
}
