import { shortenStackName } from "../../components/release/stackName";
import { UserError } from "../errors";
import type { CommandContext } from "../io";
import type { RenderRequest } from "../manifests/renderStack";
import { digestPlaceholder, type Outputs } from "../manifests/placeholders";
import { selectStack, type StackOptions } from "../pulumi/openStack";
import type { Pulumi } from "../pulumi/pulumiCli";
import { tryReadFileValues } from "../pulumi/stackFile";
import { redact } from "../redact";

/** Options of `slipway manifests`. */
export type ManifestsOptions = StackOptions;

/**
 * `slipway manifests`: prints the Kubernetes objects that a stack's program registers, as YAML and without secrets. It
 * asks no cluster, no GitLab and no registry, and needs no passphrase.
 *
 * @throws UserError if there is no such stack, or if its program refuses its configuration
 */
export async function manifests(options: ManifestsOptions, io: CommandContext): Promise<void> {
  const { cwd, pulumi, project, stack } = await selectStack(options, io);
  if (tryReadFileValues(cwd, stack) === undefined) await checkExists(stack, pulumi);
  const outputs = await tryReadOutputs(stack, pulumi);
  const request: RenderRequest = { stack, outputs };
  // A checkout runs its sources.
  const file = require.resolve("../manifests/main");
  const loader = file.endsWith(".ts") ? ["--require", require.resolve("tsx/cjs")] : [];
  const args = [...loader, file, JSON.stringify(request)];
  const { code, stderr, stdout } = await io.capture(process.execPath, args, cwd);
  if (code !== 0) {
    const reason = redact(stderr.trim()) || "It ended without a message.";
    throw new UserError(
      `The program of stack \`${stack}\` can't be rendered:\n  ${reason.replaceAll("\n", "\n  ")}`,
    );
  }
  io.print([...describe(shortenStackName(stack), project, outputs), stdout.trimEnd()].join("\n"));
}

/** A stack without a file of its own has the configuration of Pulumi.yaml. */
async function checkExists(stack: string, pulumi: Pulumi): Promise<void> {
  const known = (await pulumi.listStacks()).map(shortenStackName);
  if (!known.includes(shortenStackName(stack))) throw await pulumi.createMissingStackError(stack);
}

/** Outputs of the stack's last update; empty without one, or if its state can't be read. */
async function tryReadOutputs(stack: string, pulumi: Pulumi): Promise<Outputs> {
  try {
    return (await pulumi.findOutputs(stack)) ?? {};
  } catch (error) {
    if (error instanceof UserError) return {};
    throw error;
  }
}

function describe(stack: string, project: string, { digest }: Outputs): string[] {
  return [
    `# Stack ${stack} of ${project}, as its program registers it. Secrets are left out.`,
    ...(digest === undefined
      ? [
          `# The digest ${digestPlaceholder.slice(0, 15)}... is a placeholder: nothing is deployed, or the state can't be read.`,
        ]
      : []),
  ];
}
