import type { Report } from "../measure/report";
import type { BenchSandbox } from "../world/sandbox";

/** Rows that are measured together. */
export interface Group {
  /** Its name on the command line. */
  readonly name: string;
  /** Measures the rows and adds them to the report. */
  readonly measure: (report: Report, sandbox: BenchSandbox) => Promise<void>;
}
