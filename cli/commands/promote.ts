import { isDirtyCommit, removeDirtySuffix } from "../../components/image/revision";
import {
  describePromotionProblems,
  describeFailedUpdate,
  findPromotionProblems,
} from "../../components/release/promotionRules";
import type { Release } from "../../components/release/release";
import { computeRepository } from "../../config/parse";
import { UserError } from "../errors";
import type { CommandContext } from "../io";
import { readStackConfig } from "../stackConfig";
import { selectStack } from "../pulumi/openStack";
import { isSameStack } from "../pulumi/project";
import { deploy } from "../release/deploy";

/** Options of `slipway promote`. */
export interface PromoteOptions {
  /** Folder of Pulumi.yaml. */
  readonly cwd: string;

  /** Stack that runs the release, `stack` or `organization/project/stack`. */
  readonly from: string;

  /** Stack of this project to deploy the release to, with or without organization and project. */
  readonly to: string;

  /** Whether the user agreed beforehand. */
  readonly yes: boolean;
}

/**
 * Deploys the release of one stack to another.
 *
 * @returns whether there was anything to do
 * @throws UserError if the rules forbid it, or if the update fails
 */
export async function promote(options: PromoteOptions, io: CommandContext): Promise<boolean> {
  const { cwd, from, to } = options;
  const { project, pulumi } = await selectStack({ cwd, stack: to }, io);
  if (isSameStack(from, to, project)) {
    throw new UserError(`\`${to}\` can't be promoted to itself.`);
  }
  const [source, target] = await Promise.all([pulumi.findStatus(from), pulumi.findStatus(to)]);
  if (!target.exists) throw await pulumi.createMissingStackError(to);

  const { registry, release: values } = readStackConfig(project, to, await pulumi.readConfig(to));
  const problems = findPromotionProblems(
    { stack: from, ...source },
    {
      stack: to,
      tier: values.tier,
      skipStaging: values.skipStaging,
      allowDirty: values.allowDirty,
      runningDigest: target.release?.digest,
      repository: computeRepository(registry),
    },
  );
  if (problems.length > 0 || source.release === undefined) {
    throw new UserError(describePromotionProblems(from, to, problems));
  }

  const isConfigured =
    values.release === "promote" && values.promoteFrom === from && values.digest === undefined;
  const isRunning = target.release?.digest === source.release.digest && !target.hasFailed;
  if (isConfigured && isRunning) {
    io.print(
      `\`${to}\` runs the release of \`${from}\` already, ${source.release.digest}. There is nothing to do.`,
    );
    return false;
  }
  const notes = [
    ...(source.hasFailed ? [describeFailedUpdate(from, source.release)] : []),
    ...describeDirtyRelease(from, source.release),
    ...(values.digest === undefined
      ? []
      : [`\`${to}\` is pinned to ${values.digest}. Promoting removes the pin.`]),
  ];
  const changes = { release: "promote", promoteFrom: from, digest: undefined };
  await deploy(
    {
      ...options,
      stack: to,
      current: target.release,
      next: source.release,
      changes,
      notes,
      project,
    },
    pulumi,
    io,
  );
  return true;
}

/** Warns of a release that was built with uncommitted changes: no commit has its source. */
function describeDirtyRelease(from: string, { commit }: Release): string[] {
  if (!isDirtyCommit(commit)) return [];
  return [
    `The release of \`${from}\` was built with uncommitted changes on top of ${removeDirtySuffix(commit)}, so it can't be built again.`,
  ];
}
