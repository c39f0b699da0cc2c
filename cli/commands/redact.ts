import type { CommandContext } from "../io";
import { createMask, redact } from "../redact";

/** Options of `slipway redact`. */
export interface RedactOptions {
  /** The output of a program, line by line. */
  readonly lines: AsyncIterable<string>;
}

/**
 * `slipway redact`: prints the output of a program without credentials.
 *
 * Pulumi itself masks the values that it knows to be secret, except in one message: if an update violates its
 * plan, the message has the property's value in plain text. (pulumi 3.259)
 */
export async function redactLines(
  { lines }: RedactOptions,
  io: Pick<CommandContext, "env" | "print">,
): Promise<void> {
  const mask = createMask(io.env);
  for await (const line of lines) io.print(redact(mask(line)));
}
