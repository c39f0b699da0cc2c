import { renderProblem } from "../errorText";
import { printable } from "../printable";
import { EventTail } from "../pulumi/eventTail";
import { createMask, redact } from "../redact";
import type { Terminal } from "../terminal";
import type { Message } from "./messages";
import { type Page, renderPage } from "./page";
import type { PhaseName } from "./phase";
import { UpdateProgress, type UpdateResult } from "./updateProgress";

const pollMs = 100;

/** What a page shows. */
export interface LivePageArgs {
  /** Name of the stack that is updated. */
  readonly stack: string;
  /** The engine's event log. */
  readonly eventLog: string;
  /** Parts that the update is known to have. */
  readonly expected: readonly PhaseName[];
  readonly terminal: Terminal;
  readonly env: NodeJS.ProcessEnv;
  /** The time, in milliseconds. */
  readonly now: () => number;
}

/** The page of an update that runs: a line for each of its phases, drawn in place. */
export class LivePage {
  private readonly scrub: (text: string) => string;
  private readonly progress: UpdateProgress;
  private readonly tail: EventTail;
  private readonly errors: Message[] = [];
  private readonly startedAt: number;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly args: LivePageArgs) {
    const mask = createMask(args.env);
    this.scrub = (text) => redact(mask(printable(text)));
    this.progress = new UpdateProgress(args.expected, this.scrub);
    this.tail = new EventTail(args.eventLog);
    this.startedAt = args.now();
  }

  /** Begins to draw. */
  public start(): void {
    this.refresh();
    this.timer = setInterval(() => this.refresh(), pollMs).unref();
  }

  /** Reads what is new, and draws. */
  public refresh(): void {
    this.read();
    // The last line of the terminal has the cursor.
    this.draw("running", this.args.terminal.rows - 1);
  }

  /**
   * Draws for the last time, whole, and prints the errors below.
   *
   * @param complaints what Pulumi wrote to its standard error
   */
  public end(hasSucceeded: boolean, complaints: string): UpdateResult {
    clearInterval(this.timer);
    const { terminal } = this.args;
    this.read();
    this.progress.close(this.args.now());
    this.draw(hasSucceeded ? "ok" : "failed", undefined);
    terminal.release();
    for (const { text } of this.errors) {
      terminal.print(renderProblem("error", text, terminal.color));
    }
    const said = this.scrub(complaints).trim();
    if (said !== "") terminal.print(said);
    return this.progress.result;
  }

  private read(): void {
    const { terminal } = this.args;
    const now = this.args.now();
    for (const event of this.tail.read()) this.progress.add(event, now);
    for (const message of this.progress.takeMessages()) {
      const { severity, text } = message;
      // Below the page they are beside what `slipway` says of the failure.
      if (severity === "error") this.errors.push(message);
      else {
        terminal.print(severity === "info" ? text : renderProblem(severity, text, terminal.color));
      }
    }
  }

  private draw(state: Page["state"], rows: number | undefined): void {
    const { color, columns } = this.args.terminal;
    const now = this.args.now();
    const page = {
      title: this.describeState(state),
      state,
      activity: this.progress.activity,
      elapsedMs: now - this.startedAt,
      phases: this.progress.view(now),
    };
    this.args.terminal.draw(renderPage(page, { color, columns, rows }));
  }

  private describeState(state: Page["state"]): string {
    const { args, progress } = this;
    if (state === "running") return `Updating ${args.stack}`;
    if (state === "failed") {
      return `The update of ${args.stack} ${progress.wasStopped ? "was stopped" : "failed"}`;
    }
    const isUnchanged = Object.keys(progress.result.changes).join() === "same";
    return isUnchanged ? `Nothing changed on ${args.stack}` : `Updated ${args.stack}`;
  }
}
