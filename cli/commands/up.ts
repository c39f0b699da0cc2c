import { needsGitLab, type ParsedConfig, parseStackConfig } from "../../config/parse";
import { UserError } from "../errors";
import { deploymentPhases, runUpdate, type UpdateRun } from "../doctor/watchedUpdate";
import type { CommandContext } from "../io";
import { pruneTokens, recordTokens } from "../gitlab/pruning";
import { tryReadTokenRecord } from "../gitlab/tokenRecord";
import { MissingStackError } from "../pulumi/missingStack";
import { selectStack, type StackOptions } from "../pulumi/openStack";
import type { PhaseName } from "../progress/phase";
import { Pulumi } from "../pulumi/pulumiCli";
import { readCredentials } from "../pulumi/stackCredentials";
import { agreedOptions } from "../pulumi/updateArgs";
import { readUpOptions } from "../pulumi/upOptions";
import { createStack, prepareProgram } from "../release/prepareProgram";
import { recoverStack } from "../release/recoverStack";
import { listPromotions } from "../release/stages";

/** Options of `slipway up`. */
export interface UpOptions extends StackOptions {
  /** Whether the changes were agreed to beforehand. */
  readonly yes: boolean;
  /** Whether to build the image again, with the content that its build fetches from elsewhere. */
  readonly rebuild?: boolean;
  /** Further options of `pulumi up`. */
  readonly pulumiOptions?: readonly string[];
}

/**
 * `slipway up`: recovers from a killed update, runs `pulumi up`, and then revokes the deploy tokens that the
 * killed update has created and the state does not know.
 *
 * @throws UserError if the update fails, or if a stack shall be rebuilt that builds nothing
 */
export async function up(options: UpOptions, io: CommandContext): Promise<void> {
  const prepared = await prepareProgram(options, new Pulumi(io, options.cwd), io);
  const opened = await selectStack({ ...options, stack: prepared }, io);
  const { cwd, project, pulumi, stack } = opened;
  // Both are needed in nearly every update, so they are read at once, and a missing stack is an exception.
  const read = () => Promise.all([recoverStack(opened, io), tryReadTokenRecord(pulumi, stack)]);
  const [{ pending, state, values }, earlier] = await read().catch(async (error: unknown) => {
    if (!(error instanceof MissingStackError)) throw error;
    if (!(await createStack(stack, options, pulumi, io))) throw error;
    return read();
  });
  const configured = { cwd, project, stack, values };
  const known = await readCredentials(configured, pulumi);
  const config = parseStackConfig(project, { values: known, secrets: [] });
  const contentVersion = chooseContentVersion({ ...options, stack }, config.release, io.env);
  const hasTokens = needsGitLab(config);
  const record = hasTokens
    ? await recordTokens(configured, { earlier, pending }, pulumi, io)
    : undefined;
  const failures = await runUpdate(configured, pulumi, io, {
    ...chooseDisplay({ ...options, cwd, stack }, config, io.env),
    contentVersion,
  });
  if (failures !== undefined) {
    throw new UserError(
      [`The update of \`${stack}\` failed; the reason is above.`, ...failures].join("\n"),
    );
  }
  if (hasTokens) await pruneTokens(configured, { record, state }, pulumi, io);
}

/** Chooses what a terminal shows: Pulumi's own display if a person gave options for it. */
function chooseDisplay(
  { cwd, pulumiOptions = [], stack, yes }: UpOptions & { readonly stack: string },
  config: ParsedConfig,
  env: NodeJS.ProcessEnv,
): Pick<UpdateRun, "options" | "page"> {
  const asked = readUpOptions(pulumiOptions);
  const given = [...(yes ? listAgreedOptions(pulumiOptions) : []), ...pulumiOptions];
  if (asked === undefined) return { options: given };
  const page = {
    expected: asked.isPartial ? [] : listExpected(config),
    promotions: listPromotions(cwd, stack),
  };
  const isAgreed = yes || asked.isAgreed || isTrue(env.PULUMI_SKIP_CONFIRMATIONS);
  if (isAgreed) return { options: given, page };
  return { options: given, page: { ...page, preview: asked.scope } };
}

const isTrue = (value = ""): boolean => ["1", "true"].includes(value.toLowerCase());

/** The parts that an update of a whole stack has. */
function listExpected(config: ParsedConfig): PhaseName[] {
  const { digest, release } = config.release;
  const builds = release === "build" && digest === undefined;
  return [
    ...(needsGitLab(config) ? (["deploy tokens"] as const) : []),
    ...(builds ? (["image"] as const) : []),
    // Docker's engine does not tell its push from its build.
    ...(builds && config.image.builder === "buildkit" ? (["push"] as const) : []),
    ...deploymentPhases,
  ];
}

/**
 * Options for someone who agreed beforehand: a preview would run the program twice. With a policy pack it runs, so that
 * a violation stops the update before anything changes.
 */
function listAgreedOptions(pulumiOptions: readonly string[]): string[] {
  const isDecided = pulumiOptions.some((option) => /^--(policy-pack|skip-preview)\b/.test(option));
  return isDecided ? ["--yes"] : [...agreedOptions];
}

/** Variable with which a pipeline's trigger or schedule asks for a rebuild on the stack that builds. */
const rebuildVariable = "SLIPWAY_REBUILD";

/** The version of the content for a rebuild: the current time; undefined without a rebuild. */
function chooseContentVersion(
  { rebuild = false, stack }: Pick<UpOptions, "rebuild"> & { readonly stack: string },
  { digest, promoteFrom, release }: ParsedConfig["release"],
  env: NodeJS.ProcessEnv,
): string | undefined {
  const variable = env[rebuildVariable] ?? "";
  if (!["", "false", "true"].includes(variable)) {
    throw new UserError(
      `\`${rebuildVariable}\` is "${variable}", which is not "true" or "false". Set it to "true" to build the image again.`,
    );
  }
  const builds = release === "build" && digest === undefined;
  if (rebuild && !builds) {
    const source =
      digest === undefined ? `what \`${promoteFrom}\` runs` : `${digest}, to which it is pinned`;
    throw new UserError(
      `\`${stack}\` builds nothing: it runs ${source}. Use \`--rebuild\` on the stack that builds, and promote its release.`,
    );
  }
  // Every job of a pipeline has the variable, also those of stacks that promote.
  return builds && (rebuild || variable === "true") ? new Date().toISOString() : undefined;
}
