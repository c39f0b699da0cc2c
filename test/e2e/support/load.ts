import pWaitFor from "p-wait-for";

import type { TestCluster } from "./cluster";
import { renderPullingPod } from "./pod";
import { SteadyLoad } from "./steadyLoad";

/** Target of the load. */
export interface LoadTarget {
  readonly url: string;
  readonly namespace: string;
  readonly image: string;
  /** Name of the pull secret. */
  readonly pullSecret: string;
}

/** Results of a load. */
export interface LoadReport {
  readonly requests: number;
  readonly failedRequests: readonly string[];
  /** Number of pods that had to pull. */
  readonly pods: number;
  /** Kubernetes' messages about failed pulls. */
  readonly failedPulls: readonly string[];
}

interface Pod {
  readonly metadata: { readonly name: string };
  readonly status: { readonly phase: string };
}

interface Event {
  readonly reason: string;
  readonly message: string;
  readonly involvedObject: { readonly kind: string; readonly name: string };
}

interface List<T> {
  readonly items: T[];
}

const requestsPerSecond = 20;
const podEveryMs = 1000;
const minuteMs = 60_000;

/** Requests the site all the time, and each second starts a pod that must pull the image, until stopped. */
export class Load {
  private readonly site: SteadyLoad;
  private readonly timer: NodeJS.Timeout;
  private readonly underWay = new Set<Promise<void>>();
  private readonly failures: string[] = [];
  private pods = 0;

  private constructor(
    private readonly cluster: TestCluster,
    private readonly target: LoadTarget,
  ) {
    this.site = new SteadyLoad(target.url, { perSecond: requestsPerSecond });
    this.timer = setInterval(() => this.track(this.startPod()), podEveryMs);
  }

  public static async start(cluster: TestCluster, target: LoadTarget): Promise<Load> {
    await removePods(cluster, target);
    return new Load(cluster, target);
  }

  /** Stops the load, and waits for what has begun. */
  public async stop(): Promise<LoadReport> {
    clearInterval(this.timer);
    const { failures: failedRequests, requests } = await this.site.stop();
    await Promise.all(this.underWay);
    if (this.failures.length > 0) throw new Error(this.failures.join("\n"));
    await this.waitForPods();
    const report = {
      requests,
      failedRequests,
      pods: this.pods,
      failedPulls: await this.listFailedPulls(),
    };
    await removePods(this.cluster, this.target);
    return report;
  }

  private track(work: Promise<void>): void {
    const tracked = work
      .catch((error: unknown) => void this.failures.push(String(error)))
      .finally(() => this.underWay.delete(tracked));
    this.underWay.add(tracked);
  }

  private async startPod(): Promise<void> {
    const number = ++this.pods;
    const metadata = { generateName: `load-${number}-`, labels: { load: "pull" } };
    await this.cluster.api(
      "POST",
      locatePods(this.target),
      renderPullingPod(metadata, this.target),
    );
  }

  /** Waits for the pods. Each ends by itself after its pull; a pod that can't pull never ends. */
  private async waitForPods(): Promise<void> {
    let waiting: string[] = [];
    const haveEnded = async (): Promise<boolean> => {
      const { items } = await this.cluster.api<List<Pod>>("GET", locateLoad(this.target));
      waiting = items.filter(({ status }) => status.phase !== "Succeeded").map(nameOf);
      return waiting.length === 0;
    };
    await pWaitFor(haveEnded, { interval: 500, timeout: 3 * minuteMs }).catch(() => {
      this.failures.push(`These pods never ended: ${waiting.join(", ")}.`);
    });
  }

  private async listFailedPulls(): Promise<string[]> {
    const { namespace } = this.target;
    const { items } = await this.cluster.api<List<Event>>(
      "GET",
      `/api/v1/namespaces/${namespace}/events?limit=5000`,
    );
    const ofLoad = items.filter(({ involvedObject }) => involvedObject.name.startsWith("load-"));
    const failed = ofLoad.filter(({ reason }) => ["BackOff", "Failed"].includes(reason));
    return [...this.failures, ...failed.map(({ message }) => message)];
  }
}

function nameOf({ metadata }: Pod): string {
  return metadata.name;
}

function locatePods({ namespace }: LoadTarget): string {
  return `/api/v1/namespaces/${namespace}/pods`;
}

function locateLoad(target: LoadTarget): string {
  return `${locatePods(target)}?labelSelector=load%3Dpull`;
}

async function removePods(cluster: TestCluster, target: LoadTarget): Promise<void> {
  await cluster.api("DELETE", `${locateLoad(target)}&gracePeriodSeconds=0`);
}
