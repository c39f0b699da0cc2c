import * as pulumi from "@pulumi/pulumi";

import type { CredentialRole } from "../registry/credentials";
import { type DeployedRelease, readRelease } from "./release";

/** A resource in a stack's state. */
export interface StackResource {
  /** URN, which ends with type and name: `...kubernetes:apps/v1:Deployment::gatsby-site`. */
  readonly urn: string;

  /** Type token, such as `kubernetes:apps/v1:Deployment`. */
  readonly type: string;

  /** Outputs as the last update left them, secrets in plain text. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** What the last update of this stack left. */
export interface LastUpdate {
  /** The release that runs; undefined if no update has succeeded yet. */
  readonly release: DeployedRelease | undefined;

  /** Expiry of the tokens in use, as RFC 3339 times; only of those whose expiry is known. */
  readonly tokensInUse: Readonly<Partial<Record<CredentialRole, string>>>;

  /** Version of the content that the stack's last image was built with; undefined if none was requested. */
  readonly contentVersion: string | undefined;

  /** The stack's resources; empty if no update has succeeded yet. */
  readonly resources: readonly StackResource[];
}

/** Full name of a stack, `organization/project/stack`, by which stacks of all projects are found. */
export function computeFullName(stack: string): string {
  return stack.includes("/")
    ? stack
    : [pulumi.getOrganization(), pulumi.getProject(), stack].join("/");
}

/**
 * Reads the state of this stack as it was before this update.
 *
 * @throws Error if the backend can't be read: what is then decided without the state could replace everything
 */
export async function readLastUpdate(): Promise<LastUpdate> {
  const fullName = computeFullName(pulumi.getStack());
  const outputs = (await findStackOutputs(fullName)) ?? {};
  const release = readRelease(outputs);
  const read = (name: string): string | undefined => {
    const value = outputs[name];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  // Pulumi crashes if a stack without any state is asked for its resources.
  const resources = release === undefined ? [] : await readStackResources(fullName);
  return {
    release,
    tokensInUse: { push: read("pushTokenExpiresAt"), pull: read("pullTokenExpiresAt") },
    contentVersion: findImageContentVersion(resources) ?? read("contentVersion"),
    resources,
  };
}

/** The image itself has it even if the update failed after the build. A stack that builds none has an output. */
function findImageContentVersion(resources: readonly StackResource[]): string | undefined {
  const image = resources.find(({ type }) => type === "slipway:index:SiteImage");
  const version = image?.outputs.contentVersion;
  return typeof version === "string" && version !== "" ? version : undefined;
}

/**
 * Reads the outputs of a stack, this one included, as they were before this update.
 *
 * Not a `pulumi.StackReference`: for a missing stack that resource fails the program with the engine's own
 * message.
 *
 * @param fullName `organization/project/stack`
 * @returns undefined if the stack does not exist
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
 * Reads the resources of another stack as its last update left them, even if that update failed.
 *
 * @param fullName `organization/project/stack`
 * @returns undefined if they can't be read, for example because the stack encrypts with another key
 */
export async function tryReadStackResources(
  fullName: string,
): Promise<StackResource[] | undefined> {
  try {
    return await readStackResources(fullName);
  } catch {
    return undefined;
  }
}

async function readStackResources(fullName: string): Promise<StackResource[]> {
  const answer: unknown = await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", {
    stackName: fullName,
  });
  const { outputs } = answer as { outputs: Record<string, Omit<StackResource, "urn">> };
  return Object.entries(outputs).map(([urn, resource]) => ({ urn, ...resource }));
}
