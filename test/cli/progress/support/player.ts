import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { LivePage } from "../../../../cli/progress/livePage";
import type { PhaseName } from "../../../../cli/progress/phase";
import type { UpdateResult } from "../../../../cli/progress/updateProgress";
import type { EngineEvent } from "../../../../cli/pulumi/engineEvents";
import { Terminal } from "../../../../cli/terminal";
import { Screen, type ScreenSize } from "./screen";

/** An event of the engine, and when it came, in milliseconds. */
export interface TimedEvent {
  readonly at: number;
  readonly event: EngineEvent;
}

/** What a stack that builds has. */
const buildPhases: readonly PhaseName[] = [
  "deploy tokens",
  "image",
  "push",
  "tags",
  "cluster",
  "pods",
];

/** Reads a recording: see fixtures/README.md. */
export function readRecording(name: string): TimedEvent[] {
  const file = join(__dirname, "..", "fixtures", `${name}.jsonl`);
  return readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as TimedEvent);
}

/** Arguments of {@link open}. */
export interface PlayerArgs extends ScreenSize {
  readonly events: readonly TimedEvent[];
  readonly expected?: readonly PhaseName[];
  readonly color?: boolean;
  readonly env?: NodeJS.ProcessEnv;
}

/** Plays the events of an update into the page of a terminal, by a clock of its own. */
class Player {
  public readonly screen: Screen;
  private readonly folder = mkdtempSync(join(tmpdir(), "page-"));
  private readonly terminal: Terminal;
  private readonly page: LivePage;
  private readonly eventLog = join(this.folder, "events");
  private readonly events: TimedEvent[];
  private now = 0;

  constructor({ color = false, env = {}, events, expected = buildPhases, ...size }: PlayerArgs) {
    this.events = [...events];
    this.screen = new Screen(size);
    this.terminal = new Terminal(this.screen, color);
    const { eventLog, terminal } = this;
    this.page = new LivePage({
      stack: "dev",
      eventLog,
      expected,
      terminal,
      env,
      now: () => this.now,
    });
    this.page.refresh();
  }

  /** Plays what came until then, with a look at the log at each event, and shows the terminal. */
  public async play(until: number): Promise<string> {
    while ((this.events[0]?.at ?? Infinity) <= until) this.next();
    this.now = until;
    this.page.refresh();
    return this.screen.read();
  }

  /** Plays the rest and ends the update, and shows the terminal. */
  public async end(hasSucceeded: boolean, complaints = ""): Promise<string> {
    while (this.events.length > 0) this.next();
    this.result = this.page.end(hasSucceeded, complaints);
    return this.screen.read();
  }

  /** What came out of the update. */
  public result: UpdateResult | undefined;

  /** Prints as the rest of `slipway` does. */
  public print(text: string): void {
    this.terminal.print(text);
  }

  /** Removes the log. */
  public close(): void {
    this.terminal.release();
    rmSync(this.folder, { recursive: true });
  }

  private next(): void {
    const [first] = this.events.splice(0, 1);
    if (first === undefined) return;
    this.now = first.at;
    appendFileSync(this.eventLog, `${JSON.stringify(first.event)}\n`);
    this.page.refresh();
  }
}

const players: Player[] = [];

/** Opens a page that is closed after the test. */
export function open(args: PlayerArgs): Player {
  const player = new Player(args);
  players.push(player);
  return player;
}

/** Joins the lines of a screen. */
export const screen = (...lines: readonly string[]): string => lines.join("\n");

afterEach(() => {
  for (const player of players.splice(0)) player.close();
});
