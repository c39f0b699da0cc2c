import type { CommandContext } from "../io";
import { createMask, redact } from "../redact";

/** Options of `slipway redact`. */
export interface RedactOptions {
  /** What a program printed, as it comes. */
  readonly lines: AsyncIterable<string>;
}

/**
 * `slipway redact`: what a program prints, without credentials.
 *
 * Pulumi masks what it knows to be secret, with one exception: where an update does not fit its plan, the
 * message has the property's value in clear. (pulumi 3.259)
 */
export async function redactLines(
  { lines }: RedactOptions,
  io: Pick<CommandContext, "env" | "print">,
): Promise<void> {
  const mask = createMask(io.env);
  for await (const line of lines) io.print(redact(mask(line)));
}
