import type { DiagnosticEvent, EngineEvent, ProgressEvent, Step } from "../pulumi/engineEvents";
import { clean } from "../pulumi/eventLog";
import { isDeployment, isImage, parseUrn, stackType } from "../pulumi/resourceTypes";
import { Builds } from "./builds";
import { type Message, readDiagnostic, readViolation } from "./messages";
import { findPhase, Phase, type PhaseName, phaseNames, type PhaseState } from "./phase";
import { PodReadiness } from "./podReadiness";

/** A part of an update, to show. */
export interface PhaseView {
  readonly name: PhaseName;
  readonly state: PhaseState;
  /** How long it has worked, in milliseconds; undefined if it has changed nothing. */
  readonly busyMs: number | undefined;
  /** What it does, or has done. */
  readonly text: string;
  /** The last lines of a running build. */
  readonly lines: readonly string[];
}

/** What came out of an update. */
export interface UpdateResult {
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly formerOutputs: Readonly<Record<string, unknown>>;
  /** Number of resources by what was done with them. */
  readonly changes: Readonly<Record<string, number>>;
}

/** Lines of a build's log that are shown while it runs. */
const shownLines = 4;

/** How far an update is, from the events of Pulumi's engine. */
export class UpdateProgress {
  private readonly phases: Readonly<Record<PhaseName, Phase>>;
  private readonly builds: Builds;
  private readonly pods = new PodReadiness();
  private readonly said = new Set<string>();
  private messages: Message[] = [];
  private isStopping = false;
  private now = "starting the program";
  private ended: UpdateResult = { outputs: {}, formerOutputs: {}, changes: {} };

  /**
   * @param expected parts that the update is known to have
   * @param scrub removes what must not be shown from a text
   */
  constructor(
    private readonly expected: readonly PhaseName[],
    private readonly scrub: (text: string) => string,
  ) {
    const phases = phaseNames.map((name) => [name, new Phase()] as const);
    this.phases = Object.fromEntries(phases) as Record<PhaseName, Phase>;
    this.builds = new Builds(scrub);
  }

  /** Adds an event. @param at when it was read, in milliseconds */
  public add(event: EngineEvent, at: number): void {
    const { diagnosticEvent, policyEvent, progressEvent, stdoutEvent, summaryEvent } = event;
    if (event.resourcePreEvent) this.begin(event.resourcePreEvent, at);
    if (event.resOutputsEvent) this.end(event.resOutputsEvent, at);
    if (event.resOpFailedEvent) this.fail(event.resOpFailedEvent, at);
    if (diagnosticEvent) this.addDiagnostic(diagnosticEvent, at);
    if (policyEvent) this.say(readViolation(policyEvent));
    if (progressEvent) this.now = this.scrub(describeProgress(progressEvent));
    if (stdoutEvent?.message?.includes("cancelling")) this.isStopping = true;
    if (summaryEvent && summaryEvent.isPreview !== true) {
      this.ended = { ...this.ended, changes: summaryEvent.resourceChanges ?? {} };
    }
  }

  /** Ends what runs: the update is over. */
  public close(at: number): void {
    for (const phase of Object.values(this.phases)) phase.close(at);
  }

  /** What is new for the person to know; each is returned once. */
  public takeMessages(): readonly Message[] {
    const taken = this.messages;
    this.messages = [];
    return taken;
  }

  /** Whether it was asked to stop. */
  public get wasStopped(): boolean {
    return this.isStopping;
  }

  /** What the update does besides its parts; empty if nothing. */
  public get activity(): string {
    return this.isStopping
      ? "stopping: what has begun is finished first; Ctrl-C again ends it at once"
      : this.now;
  }

  /** The parts of the update that have begun, or that it is known to have. */
  public view(at: number): readonly PhaseView[] {
    return phaseNames
      .filter((name) => this.isShown(name))
      .map((name) => {
        const phase = this.phases[name];
        const { isChange, state } = phase;
        const busyMs = isChange ? phase.measure(at) : undefined;
        const isBuilding = name === "image" && state === "running";
        const lines = isBuilding ? this.builds.tail(shownLines) : [];
        return { name, state, busyMs, text: this.scrub(this.describe(name)), lines };
      });
  }

  /** What came out. */
  public get result(): UpdateResult {
    return this.ended;
  }

  private isShown(name: PhaseName): boolean {
    const { isChange, state } = this.phases[name];
    if (name === "others") return isChange;
    if (state !== "waiting") return true;
    // An image that stays as it is is not pushed.
    return this.expected.includes(name) && !(name === "push" && this.phases.image.state === "ok");
  }

  private describe(name: PhaseName): string {
    const phase = this.phases[name];
    const { isChange, state } = phase;
    const text = phase.describe();
    if (!isChange) return text;
    const detail = this.describeDetail(name, state);
    // What runs says more than the names of its resources, and so does the registry's name.
    const isEnough = state === "running" || (name === "push" && state === "ok");
    return isEnough ? detail || text : [text, detail].filter(Boolean).join(": ");
  }

  private describeDetail(name: PhaseName, state: PhaseState): string {
    if (name === "image") return state === "ok" ? this.builds.slowSteps : this.builds.step;
    if (name === "push") return this.builds.targets;
    return name === "pods" ? this.pods.describe(state === "ok") : "";
  }

  private begin({ metadata = {}, planning = false }: Step, at: number): void {
    const { op = "", type = "", urn = "" } = metadata;
    this.now = planning ? "previewing" : op === "refresh" ? "refreshing the state" : "";
    const name = planning ? undefined : findPhase(metadata);
    if (name === undefined) return;
    this.phases[name].begin(`${urn} ${op}`, parseUrn(urn).name, at);
    if (op === "same") return;
    if (isImage(type)) this.builds.begin(urn, op);
    if (isDeployment(type)) this.pods.expect(urn, metadata.new?.inputs?.spec?.replicas);
  }

  private end({ metadata = {}, planning = false }: Step, at: number): void {
    const { new: next, old, op = "", type, urn = "" } = metadata;
    if (planning) return;
    if (type === stackType) {
      const outputs = next?.outputs ?? {};
      this.ended = { ...this.ended, outputs, formerOutputs: old?.outputs ?? {} };
    }
    const name = findPhase(metadata);
    if (name === undefined) return;
    this.phases[name].end(`${urn} ${op}`, at, op);
    if (name === "image") this.phases.push.end(urn, at, op);
  }

  private fail({ metadata = {}, planning = false }: Step, at: number): void {
    const { op = "", urn = "" } = metadata;
    const name = planning ? undefined : findPhase(metadata);
    if (name === undefined) return;
    this.phases[name].fail(`${urn} ${op}`, at);
    if (name === "image") this.phases.push.fail(urn, at);
  }

  private addDiagnostic(event: DiagnosticEvent, at: number): void {
    const message = readDiagnostic(event);
    if (message !== undefined) this.say(message);
    const { ephemeral = false, message: raw = "", urn = "" } = event;
    if (!ephemeral) return;
    const text = clean(raw);
    const { name, type } = parseUrn(urn);
    if (isDeployment(type)) this.pods.add(urn, text.trim());
    const pushed = this.builds.add(urn, text);
    if (pushed === undefined) return;
    this.phases.image.end(`${urn} ${pushed}`, at, pushed);
    this.phases.push.begin(urn, name, at);
  }

  /** A preview before the update says the same. */
  private say({ severity, text }: Message): void {
    const shown = this.scrub(text);
    if (this.said.has(shown)) return;
    this.said.add(shown);
    this.messages.push({ severity, text: shown });
  }
}

function describeProgress({ done, message = "", received = 0, total = 0 }: ProgressEvent): string {
  if (done === true) return "";
  const share = total > 0 ? `, ${Math.floor((100 * received) / total)} %` : "";
  return clean(message).trim() + share;
}
