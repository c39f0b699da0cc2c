import type { WriteStream } from "node:tty";

/** The output stream of a terminal, as far as it is used here. */
export type TerminalStream = Pick<WriteStream, "columns" | "rows" | "write">;

/** A line to draw. */
export interface TerminalLine {
  /** The line, which may have colours, but moves no cursor. */
  readonly text: string;
  /** Columns that it takes. */
  readonly width: number;
}

/** Size of a terminal that does not say it. */
const defaultSize = { columns: 80, rows: 24 };

const hideCursor = "\x1b[?25l";
const showCursor = "\x1b[?25h";
const clearRestOfLine = "\x1b[K";
const clearBelow = "\x1b[J";

/** A terminal in which some lines at the end are drawn again and again, in place. */
export class Terminal {
  private drawn: readonly TerminalLine[] = [];
  private isDrawing = false;

  constructor(
    private readonly stream: TerminalStream,
    /** Whether texts may have colours. */
    public readonly color: boolean,
  ) {}

  /** Its width, in columns. */
  public get columns(): number {
    return this.stream.columns || defaultSize.columns;
  }

  /** Its height, in lines. */
  public get rows(): number {
    return this.stream.rows || defaultSize.rows;
  }

  /** Draws lines, in place of those that were drawn before. More lines than fit can't be replaced later. */
  public draw(lines: readonly TerminalLine[]): void {
    const isSame =
      lines.length === this.drawn.length &&
      lines.every(({ text }, index) => text === this.drawn[index].text);
    if (isSame) return;
    this.start();
    this.stream.write(this.moveToStart() + render(lines) + clearBelow);
    this.drawn = lines;
  }

  /** Prints a text. Drawn lines stay below it. */
  public print(text: string): void {
    // The text comes first, so that it can be longer than the terminal is high.
    const clear = this.drawn.length === 0 ? "" : this.moveToStart() + clearBelow;
    this.stream.write(`${clear}${text}\n${render(this.drawn)}`);
  }

  /** Leaves the drawn lines as they are. What is drawn or printed later comes below them. */
  public release(): void {
    this.drawn = [];
    if (!this.isDrawing) return;
    this.isDrawing = false;
    process.off("exit", this.restore);
    this.restore();
  }

  /** Without a cursor, which would jump. It must be back however this process ends. */
  private start(): void {
    if (this.isDrawing) return;
    this.isDrawing = true;
    this.stream.write(hideCursor);
    process.once("exit", this.restore);
  }

  private readonly restore = (): void => {
    this.stream.write(showCursor);
  };

  /** Moves the cursor to the first drawn line. A terminal that was made narrower has wrapped what did not fit. */
  private moveToStart(): string {
    const { columns } = this;
    const count = this.drawn.reduce(
      (sum, { width }) => sum + Math.max(1, Math.ceil(width / columns)),
      0,
    );
    return count === 0 ? "" : `\r\x1b[${count}A`;
  }
}

function render(lines: readonly TerminalLine[]): string {
  return lines.map(({ text }) => `${text}${clearRestOfLine}\n`).join("");
}

/**
 * Finds the terminal that a command prints to.
 *
 * @returns undefined if it is a pipe, a file, a job's log or a terminal in which no cursor can be moved
 */
export function findTerminal(
  env: NodeJS.ProcessEnv,
  stream: TerminalStream & { readonly isTTY?: boolean },
): Terminal | undefined {
  const isJob = !["", "0", "false"].includes(env.CI ?? "");
  if (stream.isTTY !== true || env.TERM === "dumb" || isJob) return undefined;
  return new Terminal(stream, !env.NO_COLOR);
}
