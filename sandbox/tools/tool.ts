/** A program, or a folder of programs, that is ready to use. */
export interface Tool {
  readonly path: string;
  readonly source: "PATH" | "built" | "Debian";
  /** Undefined if it can't be read. */
  readonly version?: string;
}

/** Shows the present step, in a line that replaces the one before. */
export type Progress = (line: string) => void;

/** Where a source is built. */
export interface BuildContext {
  readonly environment: NodeJS.ProcessEnv;
  /** Folder of a Go module's sources. */
  readonly folder: string;
  readonly log: string;
  /** The folder to fill. */
  readonly target: string;
}
