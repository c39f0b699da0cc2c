import { Terminal as Emulator } from "@xterm/headless";

import type { TerminalStream } from "../../../../cli/terminal";

/** Width and height of a terminal. */
export interface ScreenSize {
  readonly columns?: number;
  readonly rows?: number;
}

/** A terminal that shows what a command writes. */
export class Screen implements TerminalStream {
  private readonly emulator: Emulator;
  /** Everything that was written. */
  public written = "";

  constructor({ columns = 80, rows = 24 }: ScreenSize = {}) {
    // A terminal's line discipline makes a carriage return and a line feed of each line feed.
    const options = { cols: columns, rows, allowProposedApi: true, convertEol: true };
    this.emulator = new Emulator(options);
  }

  public get columns(): number {
    return this.emulator.cols;
  }

  public get rows(): number {
    return this.emulator.rows;
  }

  public write(text: string): boolean {
    this.written += text;
    this.emulator.write(text);
    return true;
  }

  public resize({ columns = this.columns, rows = this.rows }: ScreenSize): void {
    this.emulator.resize(columns, rows);
  }

  /** What it shows, with what has scrolled away above, as one text. */
  public async read(): Promise<string> {
    return this.readFrom(0);
  }

  /** What is in its window. */
  public async readWindow(): Promise<string> {
    await this.settle();
    return this.readFrom(this.emulator.buffer.active.baseY);
  }

  /** Number of lines that have scrolled away. */
  public async countScrolled(): Promise<number> {
    await this.settle();
    return this.emulator.buffer.active.baseY;
  }

  private async readFrom(first: number): Promise<string> {
    await this.settle();
    const buffer = this.emulator.buffer.active;
    const lines = Array.from({ length: buffer.length - first }, (_, index) => {
      const line = buffer.getLine(first + index);
      return line?.translateToString(true) ?? "";
    });
    return lines.join("\n").trimEnd();
  }

  /** The emulator takes what is written to it a moment later. */
  private settle(): Promise<void> {
    return new Promise((resolve) => this.emulator.write("", resolve));
  }
}
