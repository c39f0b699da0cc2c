import { BuildLog } from "./buildLog";

interface Build {
  readonly log: BuildLog;
  /** The engine's name of the step that builds. */
  readonly op: string;
  isPushing: boolean;
}

/** The builds of an update: a program can have several images. */
export class Builds {
  private readonly builds = new Map<string, Build>();
  private latest: BuildLog | undefined;

  constructor(private readonly scrub: (text: string) => string) {}

  /** Begins a build. @param op the engine's name of the step */
  public begin(urn: string, op: string): void {
    this.builds.set(urn, { log: new BuildLog(this.scrub), op, isPushing: false });
  }

  /**
   * Adds text of a build's log.
   *
   * @returns the engine's name of the step, if what it has built begins to be pushed
   */
  public add(urn: string, text: string): string | undefined {
    const build = this.builds.get(urn);
    if (build === undefined) return undefined;
    this.latest = build.log;
    for (const line of text.trimEnd().split("\n")) build.log.add(line);
    if (build.isPushing || !build.log.isPushing) return undefined;
    build.isPushing = true;
    return build.op;
  }

  /** What the build does now that has written last; empty if nothing is known. */
  public get step(): string {
    return this.latest?.step ?? "";
  }

  /** The last lines of the log that was written last. */
  public tail(count: number): readonly string[] {
    return this.latest?.tail(count) ?? [];
  }

  /** What took long, such as `npm ci 39 s`. */
  public get slowSteps(): string {
    return this.logs.flatMap(({ slowSteps }) => slowSteps).join(", ");
  }

  /** What the images were pushed as. */
  public get targets(): string {
    return this.logs.flatMap(({ pushedTo }) => pushedTo ?? []).join(", ");
  }

  private get logs(): BuildLog[] {
    return [...this.builds.values()].map(({ log }) => log);
  }
}
