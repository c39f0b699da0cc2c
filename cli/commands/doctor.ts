import { explain, renderExplanation } from "../doctor/explain";
import { UserError } from "../errors";
import type { CommandContext } from "../io";

/**
 * `slipway doctor --explain`: explains a message of another program.
 *
 * @throws UserError if the message is not known
 */
export function explainMessage(message: string, io: Pick<CommandContext, "print">): void {
  const explanation = explain(message);
  if (explanation === undefined) {
    throw new UserError(
      "The message is not one that Slipway knows; docs/messages.md has the list. Quote it without hosts and digests, or more of its line.",
    );
  }
  io.print(renderExplanation(explanation));
}
