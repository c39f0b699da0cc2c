import { shortenStackName } from "../../components/release/stackName";
import { findNearest } from "../../config/nearest";
import { UserError } from "../errors";

/** A stack that does not exist. */
export class MissingStackError extends UserError {}

/**
 * Creates the error for a stack that does not exist.
 *
 * @param stack its name, with or without organization and project
 * @param others names of the project's stacks
 */
export function createMissingStackError(
  stack: string,
  others: readonly string[],
): MissingStackError {
  const nearest = findNearest(shortenStackName(stack), others.map(shortenStackName));
  const sentences = [
    `There is no stack \`${stack}\`.`,
    nearest === undefined ? describeStacks(others) : `Did you mean \`${nearest}\`?`,
    "To create it:",
  ];
  // Without the option, Pulumi also selects the new stack: a `pulumi config set` after that would change it.
  return new MissingStackError(
    `${sentences.join(" ")}\n    pulumi stack init ${stack} --no-select`,
  );
}

/** Creates the error for a command without a stack in a folder where none is selected. */
export function createNoSelectionError(): UserError {
  return new UserError(
    "No stack is selected. Name one, or select it: `pulumi stack select <stack>`. `pulumi stack ls` lists them.",
  );
}

function describeStacks(stacks: readonly string[]): string {
  if (stacks.length === 0)
    return "The project has no stacks here (`pulumi whoami --verbose` says where).";
  return `The project has ${stacks.map((stack) => `\`${stack}\``).join(", ")}.`;
}
