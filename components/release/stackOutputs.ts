import * as pulumi from "@pulumi/pulumi";

/** A resource in another stack's state. */
export interface StackResource {
  /** Type token, such as `kubernetes:apps/v1:Deployment`. */
  readonly type: string;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** The name by which any stack of any project is found: `organization/project/stack`. */
export function computeFullName(stack: string): string {
  return stack.includes("/")
    ? stack
    : [pulumi.getOrganization(), pulumi.getProject(), stack].join("/");
}

/**
 * The outputs of a stack, this one included, as they were before this update.
 *
 * Not a `pulumi.StackReference`: that is a resource, which fails the program with the engine's own words
 * where there is no such stack.
 *
 * @param fullName `organization/project/stack`
 * @returns undefined where there is no such stack
 */
export async function findStackOutputs(
  fullName: string,
): Promise<Record<string, unknown> | undefined> {
  try {
    const answer: unknown = await pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", {
      name: fullName,
    });
    return (answer as { outputs: Record<string, unknown> }).outputs;
  } catch (error) {
    if (error instanceof Error && error.message.includes("unknown stack")) return undefined;
    throw error;
  }
}

/**
 * The resources of a stack as its last update left them, whether that succeeded or not.
 *
 * @param fullName `organization/project/stack`
 * @returns undefined where they can't be read, as when the stack has another key for its secrets
 */
export async function tryReadStackResources(
  fullName: string,
): Promise<StackResource[] | undefined> {
  try {
    const answer: unknown = await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", {
      stackName: fullName,
    });
    return Object.values((answer as { outputs: Record<string, StackResource> }).outputs);
  } catch {
    return undefined;
  }
}
