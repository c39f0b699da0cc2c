import type { DeployedRelease, Release } from "../../components/release/release";
import { findKnownRelease } from "../../components/release/release";
import { deploy } from "../release/deploy";
import { UserError } from "../errors";
import { readCaCertificates } from "../gitlab/connection";
import type { CommandContext } from "../io";
import { readProjectName } from "../pulumi/project";
import { Pulumi, type StackStatus } from "../pulumi/pulumiCli";
import { findVersionDigest, parseVersion } from "../release/versions";

/** What `slipway rollback` is told. */
export interface RollbackOptions {
  /** Folder of Pulumi.yaml. */
  readonly cwd: string;

  /** Name of the stack. */
  readonly stack: string;

  /** Digest or version to go back to; what ran last if undefined. */
  readonly to?: string;

  /** Whether the user agreed beforehand. */
  readonly yes: boolean;
}

/**
 * Deploys what a stack ran before, and pins it there.
 *
 * @throws UserError when there is nothing to go back to, or the update does not succeed
 */
export async function rollback(options: RollbackOptions, io: CommandContext): Promise<void> {
  const { cwd, stack, to } = options;
  const project = readProjectName(cwd);
  const pulumi = new Pulumi(io, cwd);
  const status = await pulumi.findStatus(stack);
  const { release } = status;
  if (!status.exists) throw new UserError(`There is no stack \`${stack}\`.`);
  if (release === undefined) {
    throw new UserError(`Nothing is deployed on \`${stack}\`, so there is nothing to go back to.`);
  }

  const values = await pulumi.readConfig(stack);
  const next =
    to === undefined
      ? findLastGood(stack, release, status)
      : await resolveTarget(to, release, io.env, () =>
          readCaCertificates({ cwd, project, values }, io.env),
        );
  const digest = values[`${project}:digest`] ?? "";
  if (next.digest === release.digest && digest === next.digest && !status.hasFailed) {
    throw new UserError(`\`${stack}\` runs ${next.digest} already, and is pinned to it.`);
  }
  const notes = [
    ...(status.hasFailed
      ? [
          `The last update of \`${stack}\` did not succeed. What it was proven to run is ${release.digest}.`,
        ]
      : []),
    `\`${stack}\` stays pinned to this until something is promoted to it, or \`pulumi config rm digest --stack ${stack}\`.`,
  ];
  const changes = { digest: next.digest };
  await deploy({ ...options, current: release, next, changes, notes, project }, pulumi, io);
}

/** After an update that failed, what was proven is what to go back to, not what ran before that. */
function findLastGood(
  stack: string,
  release: DeployedRelease,
  { hasFailed }: StackStatus,
): Release {
  if (hasFailed) return release;
  if (release.previous === undefined) {
    throw new UserError(
      `\`${stack}\` has run nothing before ${release.digest}. To go elsewhere, name it: \`--to <digest|version>\`.`,
    );
  }
  return release.previous;
}

async function resolveTarget(
  to: string,
  current: DeployedRelease,
  env: NodeJS.ProcessEnv,
  readCa: () => string | undefined,
): Promise<Release> {
  const version = parseVersion(to);
  if (version === undefined && !/^sha256:[0-9a-f]{64}$/.test(to)) {
    throw new UserError(
      `\`--to\` is "${to}", which is neither a digest, "sha256:" and 64 hexadecimal digits, nor a version such as "v1.2.3".`,
    );
  }
  const digest =
    version === undefined
      ? to
      : await findVersionDigest(current.repository, version, env, readCa());
  const known = findKnownRelease(digest, current);
  return { digest, commit: known?.commit ?? "", version: version ?? known?.version ?? "" };
}
