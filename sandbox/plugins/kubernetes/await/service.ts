import { listAt, textAt } from "../../json";
import type { JsonObject } from "../../properties";
import type { ObjectEvent } from "../follow";
import { nameOf } from "../object";
import type { Awaiter, Report } from "./awaiter";

/** Waits until a Service has pods for its traffic and, if it is a load balancer, an address. */
export class ServiceAwaiter implements Awaiter {
  readonly related = [
    { apiVersion: "v1", kind: "Service", sameName: true },
    { apiVersion: "v1", kind: "Endpoints", sameName: true },
  ] as const;

  private addressed = false;
  private targeted = false;
  private settled = false;
  private reported = false;

  constructor(
    public latest: JsonObject,
    private readonly report: Report,
  ) {}

  begin(): void {
    this.report("info", "[1/3] Finding Pods to direct traffic to");
  }

  observe(kind: string, { type, object }: ObjectEvent): void {
    if (nameOf(object) !== nameOf(this.latest)) {
      return;
    }
    const exists = type !== "DELETED";
    if (kind === "Endpoints") {
      this.targeted = exists && listAt(object, "subsets").length > 0;
      this.settled = false;
      return;
    }
    const balanced = listAt(object, "status", "loadBalancer", "ingress").length > 0;
    this.addressed = exists && (this.type !== "LoadBalancer" || balanced);
    this.latest = exists ? object : this.latest;
  }

  settle(): void {
    this.settled = true;
  }

  isReady(): boolean {
    if (!this.waitsForPods) {
      return this.addressed;
    }
    const ready = this.addressed && this.targeted && this.settled;
    if (ready && !this.reported) {
      this.reported = true;
      this.report("info", "Service initialization complete");
    } else if (this.targeted && this.settled && !ready) {
      this.report("info", "[2/3] Attempting to allocate IP address to Service");
    }
    return ready;
  }

  problems(): string[] {
    if (!this.waitsForPods) {
      return [];
    }
    const problems: string[] = [];
    if (!this.targeted) {
      problems.push(
        "Service does not target any Pods. Selected Pods may not be ready, or field '.spec.selector' may not match labels on any Pods",
      );
    }
    if (!this.addressed) {
      problems.push(
        "Service was not allocated an IP address; does your cloud provider support this?",
      );
    }
    return problems;
  }

  private get type(): string {
    return textAt(this.latest, "spec", "type") || "ClusterIP";
  }

  /** Whether to wait for pods. A headless Service, and one that points to an external name, need not have any. */
  private get waitsForPods(): boolean {
    return this.type !== "ExternalName" && textAt(this.latest, "spec", "clusterIP") !== "None";
  }
}
