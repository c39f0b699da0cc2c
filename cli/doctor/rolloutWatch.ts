import { UserError } from "../errors";
import type { CommandContext } from "../io";
import type { ConfiguredStack } from "../pulumi/openStack";
import type { Pulumi } from "../pulumi/pulumiCli";
import { findDeploymentStep } from "./deploymentStep";
import { Kubectl } from "./kubectl";
import type { PodFinding } from "./pods/podFindings";
import { readRollout } from "./pods/rollout";
import type { SiteObjects } from "./siteObjects";

const pollMs = 2_000;

/** Polls in a row that must show such a cause: a kubelet may have read the pull secret just before it changed. */
const certainty = 2;

/**
 * Watches the site's pods beside an update. If waiting can't help (no such image, a container that crashes again and
 * again, pods that the cluster refuses), it ends the wait: the engine gets the signal that Ctrl-C sends, and stops in
 * order.
 */
export class RolloutWatch {
  private pid: number | undefined;
  private kubectl: Kubectl | undefined;
  private timer: NodeJS.Timeout | undefined;
  private polling: Promise<void> = Promise.resolve();
  private seen = 0;
  private hasEnded = false;
  private isStopped = false;

  /** @param eventLog the engine's event log, which says when the update waits for the pods */
  constructor(
    private readonly stack: ConfiguredStack,
    private readonly eventLog: string,
    private readonly pulumi: Pick<Pulumi, "readSecret">,
    private readonly io: CommandContext,
  ) {}

  /** Begins to watch. @param pid process of the engine */
  public start(pid: number): void {
    this.pid = pid;
    if (this.timer === undefined) this.schedule();
  }

  /** Ends watching, once the update has ended. */
  public async end(): Promise<void> {
    this.hasEnded = true;
    clearTimeout(this.timer);
    await this.polling;
  }

  /** Says why the pods of the update are not ready; empty if it did not come so far. */
  public diagnose(): Promise<readonly PodFinding[]> {
    const step = findDeploymentStep(this.eventLog);
    return step === undefined ? Promise.resolve([]) : this.readFindings(step);
  }

  /** Removes what was written for kubectl. */
  public close(): void {
    this.kubectl?.close();
  }

  private async readFindings(site: SiteObjects, since?: Date): Promise<readonly PodFinding[]> {
    try {
      // Once for all polls: Pulumi decrypts a kubeconfig that is a secret, in a process of its own.
      this.kubectl ??= await Kubectl.open(this.stack, this.pulumi, this.io);
      return (await readRollout(this.kubectl, site, since))?.findings ?? [];
    } catch (error) {
      // The update has said already that the cluster does not answer.
      if (error instanceof UserError) return [];
      throw error;
    }
  }

  private schedule(): void {
    if (this.hasEnded) return;
    this.timer = setTimeout(() => {
      this.polling = this.poll().finally(() => this.schedule());
    }, pollMs).unref();
  }

  private async poll(): Promise<void> {
    const step = findDeploymentStep(this.eventLog);
    if (step === undefined) return;
    // Pods of an earlier update that failed are there until the cluster has begun this one.
    const findings = await this.readFindings(step, step.since);
    this.seen = findings.some(({ isPermanent }) => isPermanent) ? this.seen + 1 : 0;
    if (this.seen < certainty || this.hasEnded || this.isStopped || this.pid === undefined) return;
    this.isStopped = true;
    this.io.print("The pods can never become ready like this. Ending the wait.");
    try {
      process.kill(this.pid, "SIGINT");
    } catch {
      // The engine has ended meanwhile.
    }
  }
}
