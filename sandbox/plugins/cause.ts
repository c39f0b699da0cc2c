/** What an error says. Node gathers the failures of all of a host's addresses into one error without words. */
export function describeCause(cause: unknown): string {
  if (cause instanceof AggregateError) {
    return cause.errors.map(describeCause).join("; ");
  }
  // Not `instanceof Error`: errors from Node's core belong to another realm where code runs in a sandbox of its own.
  return typeof cause === "object" && cause !== null && "message" in cause
    ? String(cause.message)
    : String(cause);
}
