import { UserError } from "../errors";
import type { CommandContext } from "../io";
import type { Pulumi } from "./pulumiCli";
import { listPendingCreates, type StackState, type StateResource } from "./stackState";

/** Which stack to mend, and where. */
export interface RecoveryArgs {
  readonly cwd: string;
  readonly stack: string;
  /** Context of the kubeconfig that the stack is configured for; the current one if left out. */
  readonly context?: string;
  /** What its state says now. */
  readonly state: StackState;
}

/**
 * Mends what a killed update left: what it was about to create may exist without the state knowing, and
 * Kubernetes would refuse to have it made again. So it is removed, and made anew by the next update. Deploy
 * tokens are left to who prunes: GitLab has no objection to another one.
 */
export async function recoverPendingCreates(
  args: RecoveryArgs,
  pulumi: Pulumi,
  io: CommandContext,
): Promise<void> {
  const { stack, state } = args;
  const creates = listPendingCreates(state);
  if (creates.length === 0) return;
  io.print(`An update of \`${stack}\` was killed: what it was about to create is mended.`);
  for (const resource of creates) {
    if (resource.type.startsWith("kubernetes:")) await deleteUnknownObject(resource, args, io);
  }
  if (!(await pulumi.clearPendingCreates(stack))) {
    throw new UserError(
      `The state of \`${stack}\` could not be brought up to date; above is why. Mend that, and run this again.`,
    );
  }
}

interface KubernetesInputs {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
}

/** Deletes an object, if it is there and Pulumi made it. */
async function deleteUnknownObject(
  resource: StateResource,
  { context, cwd }: RecoveryArgs,
  io: CommandContext,
): Promise<void> {
  const { apiVersion = "v1", kind, metadata = {} } = (resource.inputs ?? {}) as KubernetesInputs;
  const { name, namespace } = metadata;
  if (kind === undefined || name === undefined) return;
  const [group, version] = apiVersion.includes("/")
    ? apiVersion.split("/")
    : [undefined, apiVersion];
  const args = [
    group === undefined ? kind : `${kind}.${version}.${group}`,
    name,
    ...(namespace === undefined ? [] : ["--namespace", namespace]),
    ...(context ? ["--context", context] : []),
    "--ignore-not-found",
  ];
  const found = await ask(["get", ...args, "--output", "json", "--show-managed-fields"]);
  if (found.trim() === "") return;
  if (!isMadeByPulumi(found)) {
    throw new UserError(
      `There is ${kind} \`${name}\`, which the killed update wanted to create, but it is not Pulumi's. Delete it, or give it to the stack with \`pulumi import\`.`,
    );
  }
  await ask(["delete", ...args]);

  async function ask(command: string[]): Promise<string> {
    const { code, stderr, stdout } = await io.capture("kubectl", command, cwd);
    if (code !== 0)
      throw new UserError(`\`kubectl ${command.join(" ")}\` failed: ${stderr.trim()}`);
    return stdout;
  }
}

/** Pulumi's provider names itself as who sets the fields. */
function isMadeByPulumi(object: string): boolean {
  const { metadata } = JSON.parse(object) as {
    metadata?: { managedFields?: { manager?: string }[] };
  };
  return (metadata?.managedFields ?? []).some(({ manager }) => manager?.startsWith("pulumi-"));
}
