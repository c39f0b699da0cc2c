import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { CommandContext } from "../io";
import type { ProcessResult } from "../process/run";
import { type ClusterArgs, openCluster } from "../pulumi/kubectl";
import type { Pulumi } from "../pulumi/pulumiCli";

const timeout = "--request-timeout=8s";

/** kubectl on a stack's cluster. */
export class Kubectl {
  private constructor(
    private readonly options: readonly string[],
    private readonly cwd: string,
    private readonly io: Pick<CommandContext, "capture">,
    /** Removes what it has written. */
    public readonly close: () => void,
  ) {}

  /** Opens the cluster that a stack deploys to. */
  public static async open(
    cluster: ClusterArgs,
    pulumi: Pick<Pulumi, "readSecret">,
    io: Pick<CommandContext, "capture">,
  ): Promise<Kubectl> {
    const { close, options } = await openCluster(cluster, pulumi);
    return new Kubectl(options, cluster.cwd, io, close);
  }

  /** Runs kubectl until it ends. */
  public run(args: readonly string[]): Promise<ProcessResult> {
    return this.io.capture("kubectl", [...args, ...this.options, timeout], this.cwd);
  }

  /** Reads objects as JSON; undefined if there are none, or if they may not be read. */
  public async read<T>(args: readonly string[]): Promise<T | undefined> {
    const { code, stdout } = await this.run([...args, "--output", "json"]);
    return code === 0 && stdout.trim() !== "" ? (JSON.parse(stdout) as T) : undefined;
  }

  /** Creates an object, and returns kubectl's answer. */
  public create(object: object, args: readonly string[] = []): Promise<ProcessResult> {
    return this.runWith(object, ["create", ...args]);
  }

  /** Runs kubectl with an object in the file that `--filename` names. */
  public async runWith(object: object, args: readonly string[]): Promise<ProcessResult> {
    const folder = mkdtempSync(join(tmpdir(), "slipway-kubectl-"));
    try {
      const file = join(folder, "object.json");
      writeFileSync(file, JSON.stringify(object), { mode: 0o600 });
      return await this.run([...args, "--filename", file]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
}
