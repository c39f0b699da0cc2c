import type { CommandContext } from "../io";
import { isTruncated, repairFileBackend } from "../pulumi/fileBackend";
import type { OpenStack } from "../pulumi/openStack";
import type { PendingCreate } from "../pulumi/pendingCreates";
import type { Pulumi } from "../pulumi/pulumiCli";
import { recoverPendingCreates } from "../pulumi/recovery";
import type { StackState } from "../pulumi/stackState";

/** A stack that is ready for an update. */
export interface RecoveredStack {
  /** Its configuration by key with its namespace; empty if it is a secret. */
  readonly values: OpenStack["values"];
  /** The creates that killed updates had begun; Pulumi has forgotten them. */
  readonly pending: readonly PendingCreate[];
  /** Its state before the recovery. */
  readonly state: StackState;
}

/**
 * Recovers a stack from an update that was killed.
 *
 * @throws UserError if a person has to decide what belongs to the stack
 */
export async function recoverStack(
  stack: Omit<OpenStack, "values">,
  io: CommandContext,
): Promise<RecoveredStack> {
  const { pulumi } = stack;
  const [values, state] = await readStack(stack.stack, pulumi);
  const pending = await recoverPendingCreates({ ...stack, values, state }, pulumi, io);
  return { values, pending, state };
}

/** Reads a stack's configuration and state. If a kill has truncated files beside the state, it removes them. */
async function readStack(stack: string, pulumi: Pulumi) {
  const read = () => Promise.all([pulumi.readConfig(stack), pulumi.readState(stack)]);
  try {
    return await read();
  } catch (error) {
    if (!isTruncated(error) || repairFileBackend(await pulumi.findBackend()).length === 0)
      throw error;
    return read();
  }
}
