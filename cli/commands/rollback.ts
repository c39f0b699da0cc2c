import {
  type DeployedRelease,
  findKnownRelease,
  type Release,
} from "../../components/release/release";
import { UserError } from "../errors";
import { readCaCertificates } from "../gitlab/connection";
import type { CommandContext } from "../io";
import { selectStack } from "../pulumi/openStack";
import type { StackStatus } from "../pulumi/pulumiCli";
import { deploy } from "../release/deploy";
import { findVersionDigest, parseVersion } from "../release/versions";

/** Options of `slipway rollback`. */
export interface RollbackOptions {
  /** Folder of Pulumi.yaml. */
  readonly cwd: string;

  /** Stack of this project, with or without organization and project. */
  readonly stack: string;

  /** Digest or version to go back to; default: the previous release. */
  readonly to?: string;

  /** Whether the user agreed beforehand. */
  readonly yes: boolean;
}

/**
 * Deploys a stack's previous release, and pins the stack to it.
 *
 * @throws UserError if there is nothing to go back to, or if the update fails
 */
export async function rollback(options: RollbackOptions, io: CommandContext): Promise<void> {
  const { stack, to } = options;
  const { cwd, project, pulumi } = await selectStack(options, io);
  const status = await pulumi.findStatus(stack);
  const { release } = status;
  if (!status.exists) throw await pulumi.createMissingStackError(stack);
  if (release === undefined) {
    throw new UserError(`Nothing is deployed on \`${stack}\`, so there is nothing to go back to.`);
  }

  const values = await pulumi.readConfig(stack);
  const pin = values[`${project}:digest`] ?? "";
  const next =
    to === undefined
      ? findTarget(stack, release, status, pin)
      : await resolveTarget(to, release, io.env, () =>
          readCaCertificates({ cwd, project, values }, io.env),
        );
  if (next.digest === release.digest && pin === next.digest && !status.hasFailed) {
    throw new UserError(`\`${stack}\` runs ${next.digest} already, and is pinned to it.`);
  }
  const notes = [
    ...(status.hasFailed
      ? [
          `The last update of \`${stack}\` failed. Its last successful release is ${release.digest}.`,
        ]
      : []),
    `\`${stack}\` stays pinned to this release until another one is promoted to it, or until you run \`pulumi config rm digest --stack ${stack}\`.`,
  ];
  const changes = { digest: next.digest };
  await deploy({ ...options, current: release, next, changes, notes, project }, pulumi, io);
}

/**
 * Finds the release to go back to if `--to` is not given. A pinned stack was rolled back already, from the
 * release that is its previous one now. Repeating the command must not bring that release back.
 */
function findTarget(
  stack: string,
  release: DeployedRelease,
  { hasFailed }: StackStatus,
  pin: string,
): Release {
  if (pin !== "" && pin === release.digest && !hasFailed) {
    throw new UserError(
      `\`${stack}\` is rolled back already: it runs ${pin}, and is pinned to it. To deploy another release, name it: \`--to <digest|version>\`.`,
    );
  }
  // Finishes a roll-back that failed or was killed.
  if (pin !== "") {
    return findKnownRelease(pin, release) ?? { digest: pin, commit: "", version: "" };
  }
  // After a failed update, goes back to the last successful release.
  if (hasFailed) return release;
  if (release.previous === undefined) {
    throw new UserError(
      `\`${stack}\` had no release before ${release.digest}. To deploy another release, name it: \`--to <digest|version>\`.`,
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
