import type { ConfiguredStack } from "./openStack";
import type { Pulumi } from "./pulumiCli";

/** The stack's values with `credentials`, which Pulumi does not show if a password in it is a secret. */
export async function readCredentials(
  { project, stack, values }: Omit<ConfiguredStack, "cwd">,
  pulumi: Pick<Pulumi, "readSecret">,
): Promise<ConfiguredStack["values"]> {
  const key = `${project}:credentials`;
  return values[key] === "" ? { ...values, [key]: await pulumi.readSecret(stack, key) } : values;
}
