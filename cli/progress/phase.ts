import type { StepMetadata } from "../pulumi/engineEvents";
import { isDeployment, isDeployToken, isImage, isTag } from "../pulumi/resourceTypes";

/** What an update does, in the order in which it does it. */
export const phaseNames = [
  "deploy tokens",
  "image",
  "push",
  "tags",
  "cluster",
  "pods",
  "others",
] as const;

/** A part of an update. */
export type PhaseName = (typeof phaseNames)[number];

/** How far a part of an update is. */
export type PhaseState = "waiting" | "running" | "ok" | "failed";

/** What was done with a resource, by the engine's name of the step. A replacement has other steps beside it. */
const outcomes: Readonly<Record<string, string>> = {
  create: "created",
  import: "imported",
  update: "updated",
  replace: "replaced",
  delete: "deleted",
  same: "unchanged",
};

/** Finds the part of an update that is there for resources of a type; undefined for those of other types. */
export function findPhaseOfType(type: string): PhaseName | undefined {
  if (isDeployToken(type)) return "deploy tokens";
  if (isImage(type)) return "image";
  if (isTag(type)) return "tags";
  return isDeployment(type) ? "pods" : undefined;
}

/** Finds the part of an update that a step belongs to; undefined if the step changes nothing that exists. */
export function findPhase({
  new: next,
  old,
  op = "",
  type = "",
}: StepMetadata): PhaseName | undefined {
  if (/^(read|refresh|discard|remove-pending)/.test(op)) return undefined;
  const own = findPhaseOfType(type);
  if (own !== undefined) return own;
  if (type.startsWith("pulumi:") || (next ?? old)?.custom !== true) return undefined;
  return type.startsWith("kubernetes:") ? "cluster" : "others";
}

/** Renders what was done with how many resources, such as `1 replaced, 2 updated`. */
export function describeCounts(counts: Readonly<Record<string, number>>): string {
  return Object.entries(outcomes)
    .flatMap(([op, word]) => (counts[op] ? [`${counts[op]} ${word}`] : []))
    .join(", ");
}

/** A part of an update: its steps, and how long it worked on them. */
export class Phase {
  private readonly running = new Map<string, string>();
  private readonly failed: string[] = [];
  private readonly counts: Record<string, number> = {};
  private since = 0;
  private busyMs = 0;

  /** Begins a step. @param name of its resource */
  public begin(step: string, name: string, at: number): void {
    if (this.running.size === 0) this.since = at;
    this.running.set(step, name);
  }

  /** Ends a step. @param op the engine's name of it; undefined if it does not count */
  public end(step: string, at: number, op?: string): void {
    if (!this.running.delete(step)) return;
    if (op !== undefined) this.counts[op] = (this.counts[op] ?? 0) + 1;
    if (this.running.size === 0) this.busyMs += at - this.since;
  }

  /** Ends a step that has failed. */
  public fail(step: string, at: number): void {
    const name = this.running.get(step);
    if (name !== undefined) this.failed.push(name);
    this.end(step, at);
  }

  /** Ends what runs: the update is over. */
  public close(at: number): void {
    for (const step of [...this.running.keys()]) this.fail(step, at);
  }

  /** How far it is. */
  public get state(): PhaseState {
    if (this.running.size > 0) return "running";
    if (this.failed.length > 0) return "failed";
    return Object.keys(this.counts).length > 0 ? "ok" : "waiting";
  }

  /** Whether it has changed anything, or tries to. */
  public get isChange(): boolean {
    return (
      this.running.size + this.failed.length > 0 ||
      Object.keys(this.counts).some((op) => op !== "same")
    );
  }

  /** How long steps ran, without the time in between. */
  public measure(at: number): number {
    return this.busyMs + (this.running.size > 0 ? at - this.since : 0);
  }

  /** What was done so far; the resources that it works on if it runs, and those that failed. */
  public describe(): string {
    const names = this.running.size > 0 ? [...this.running.values()] : this.failed;
    if (names.length > 0) return [...new Set(names)].join(", ");
    const text = describeCounts(this.counts);
    // Of a single resource the word is enough.
    return text.replace(/^1 (\w+)$/, "$1");
  }
}
