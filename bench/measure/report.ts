import { measureInTurns, type Measure } from "./pairs";
import type { Failure, Growth, Row } from "./row";
import { formatValue } from "./table";

/** A row before it is measured. */
type RowSpec = Omit<Row, "own" | "peer">;

/** A growth before it is measured. */
type GrowthSpec = Omit<Growth, "points">;

/** Limits of a run, which tries out if the rows work. */
export interface ReportOptions {
  /** Number of values a row has at most. */
  readonly maximumRuns: number;
  /** Size at which growth is measured at most. */
  readonly maximumSize: number;
  /** Whether to measure also what takes many minutes. */
  readonly isLong: boolean;
}

/** Collects what is measured. A row that fails is noted, and the others go on. */
export class Report {
  readonly rows: Row[] = [];
  readonly growths: Growth[] = [];
  readonly failures: Failure[] = [];
  /** Further sections of the page, by title. */
  readonly sections = new Map<string, string>();

  constructor(private readonly options: ReportOptions) {}

  /** Measures a row's work and its peers in turns, and adds a row for each peer. */
  async compare(
    rows: readonly (RowSpec & { readonly comparedWith: string; readonly peer: Measure })[],
    own: Measure,
    { count, warmUp }: { readonly count: number; readonly warmUp?: boolean },
  ): Promise<void> {
    const title = rows.map(({ comparedWith, work }) => `${work} | ${comparedWith}`).join("; ");
    await this.attempt(title, async () => {
      const options = { count: this.limitRuns(count), warmUp, onTurn: log };
      const turns = await measureInTurns(
        own,
        rows.map(({ peer }) => peer),
        options,
      );
      for (const [index, { comparedWith, ...row }] of rows.entries()) {
        const peer = { name: comparedWith, values: turns.peers[index] };
        this.rows.push({ ...row, own: turns.own, peer });
      }
    });
  }

  /** Measures a row that has no peer. */
  async measure(row: RowSpec, own: Measure, count: number): Promise<void> {
    await this.attempt(row.work, async () => {
      const { own: values } = await measureInTurns(own, [], {
        count: this.limitRuns(count),
        onTurn: log,
      });
      this.rows.push({ ...row, own: values });
    });
  }

  /**
   * Measures growths at each size, together. A size that fails ends them: the larger ones would fail, too.
   *
   * @param measure returns the values of each growth
   */
  async grow(
    growths: readonly GrowthSpec[],
    sizes: readonly number[],
    measure: (size: number) => Promise<readonly (readonly number[])[]>,
  ): Promise<void> {
    const all = growths.map((growth) => ({ growth, points: [] as Growth["points"][number][] }));
    const title = growths.map(({ work }) => work).join("; ");
    await this.attempt(title, async () => {
      for (const size of sizes.filter((one) => one <= this.options.maximumSize)) {
        const values = await measure(size);
        for (const [index, { points }] of all.entries()) {
          points.push({ size, values: values[index] });
        }
        const shown = values.map((series, index) => formatValue(series[0], growths[index].unit));
        log(`${size} ${growths[0].of}: ${shown.join(" | ")}`);
      }
    });
    for (const { growth, points } of all)
      if (points.length > 0) this.growths.push({ ...growth, points });
  }

  /** Does some work, and notes if it fails. */
  async attempt(work: string, run: () => Promise<void>): Promise<void> {
    console.log(`\n${new Date().toISOString().slice(11, 19)} ${work}`);
    try {
      await run();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log(`failed: ${reason}`);
      this.failures.push({ work, reason });
    }
  }

  /** Whether to measure also what takes many minutes. */
  get isLong(): boolean {
    return this.options.isLong;
  }

  /** Number of runs, which a person who only tries a row limits. */
  limitRuns(count: number): number {
    return Math.min(count, this.options.maximumRuns);
  }
}

function log(line: string): void {
  console.log(`  ${line}`);
}
