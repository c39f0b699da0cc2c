import { listAt, textAt } from "../../json";
import type { JsonObject } from "../../properties";
import type { ObjectEvent } from "../follow";
import { nameOf } from "../object";
import type { Awaiter, Report } from "./awaiter";

/** Waits until all Services of an Ingress exist and a controller has given it an address. */
export class IngressAwaiter implements Awaiter {
  readonly related = [
    { apiVersion: "networking.k8s.io/v1", kind: "Ingress", sameName: true },
    { apiVersion: "v1", kind: "Service" },
    { apiVersion: "v1", kind: "Endpoints" },
  ] as const;

  private addressed = false;
  private settled = false;
  private reported = false;
  private readonly external = new Set<string>();
  private readonly endpoints = new Set<string>();

  constructor(
    public latest: JsonObject,
    private readonly report: Report,
  ) {}

  begin(): void {
    this.report("info", "[1/3] Finding a matching service for each Ingress path");
  }

  observe(kind: string, { type, object }: ObjectEvent): void {
    const exists = type !== "DELETED";
    if (kind === "Endpoints") {
      toggle(this.endpoints, nameOf(object), exists);
      this.settled = false;
    } else if (kind === "Service") {
      const external = textAt(object, "spec", "type") === "ExternalName";
      toggle(this.external, nameOf(object), exists && external);
    } else if (nameOf(object) === nameOf(this.latest)) {
      this.addressed = exists && listAt(object, "status", "loadBalancer", "ingress").length > 0;
      this.latest = exists ? object : this.latest;
    }
  }

  settle(): void {
    this.settled = true;
    for (const { rule, service } of this.unmatched()) {
      this.report(
        "warning",
        `No matching service found for ingress rule: "${rule}" -> "${service}"`,
      );
    }
  }

  isReady(): boolean {
    const matched = this.settled || this.unmatched().length === 0;
    const ready = matched && this.addressed;
    if (ready && !this.reported) {
      this.reported = true;
      this.report("info", "Ingress initialization complete");
    } else if (matched && !ready) {
      this.report("info", "[2/3] Waiting for update of .status.loadBalancer with hostname/IP");
    }
    return ready;
  }

  problems(): string[] {
    const problems: string[] = [];
    if (!this.settled && this.unmatched().length > 0) {
      problems.push("Ingress has at least one rule with an unavailable target endpoint.");
    }
    if (!this.addressed) {
      problems.push(
        "Ingress .status.loadBalancer field was not updated with a hostname/IP address.",
      );
    }
    return problems;
  }

  private unmatched(): { rule: string; service: string }[] {
    return listAt(this.latest, "spec", "rules").flatMap((rule) =>
      listAt(rule, "http", "paths")
        .map((path) => ({
          rule: textAt(rule, "host") + textAt(path, "path"),
          service: textAt(path, "backend", "service", "name"),
        }))
        .filter(
          ({ service }) =>
            service !== "" && !this.external.has(service) && !this.endpoints.has(service),
        ),
    );
  }
}

function toggle(set: Set<string>, name: string, present: boolean): void {
  if (present) {
    set.add(name);
  } else {
    set.delete(name);
  }
}
