import { marks, renderResult } from "./report";
import type { Step, StepResult } from "./step";

/** Mark of a step that has not ended. */
const running = "... ";

/** Moves to the first of the last lines of a terminal, and clears them. */
const clearLines = (count: number): string => (count === 0 ? "" : `\r\x1b[${count}A\x1b[J`);

/**
 * The results of a run, in the order of its steps, whatever the order in which they end. In a terminal the steps that
 * are still to be reported are below them, with a mark for each that has ended.
 */
export class Checklist {
  private readonly results = new Map<string, StepResult>();
  /** Number of steps whose results are printed. */
  private printed = 0;
  /** Lines below the results. */
  private below = 0;

  /**
   * @param rows height of the terminal, in lines; undefined if the output is not a terminal
   */
  constructor(
    private readonly steps: readonly Step[],
    private readonly print: (text: string) => void,
    private readonly rows: number | undefined,
  ) {
    this.draw();
  }

  /** Adds the result of a step. */
  public add(result: StepResult): void {
    this.results.set(result.step.id, result);
    this.draw();
  }

  private draw(): void {
    const lines: string[] = [];
    for (let next = this.findNext(); next !== undefined; next = this.findNext()) {
      lines.push(renderResult(next));
      this.printed += 1;
    }
    const waiting = this.rows === undefined ? [] : this.listWaiting(this.rows - 1);
    const start = clearLines(this.below);
    this.below = waiting.length;
    if (start !== "" || lines.length + waiting.length > 0) {
      this.print(start + [...lines, ...waiting].join("\n"));
    }
  }

  private findNext(): StepResult | undefined {
    return this.results.get(this.steps[this.printed]?.id ?? "");
  }

  /** Lines above the terminal's first one can't be cleared, so there are only as many as fit. */
  private listWaiting(most: number): string[] {
    return this.steps.slice(this.printed, this.printed + most).map(({ id, title }) => {
      const result = this.results.get(id);
      return `${result === undefined ? running : marks[result.status]} ${title}`;
    });
  }
}
