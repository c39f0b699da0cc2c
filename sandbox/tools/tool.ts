/** A program, or a folder of programs, that can be used now. */
export interface Tool {
  readonly path: string;
  readonly source: "PATH" | "built" | "Debian";
  /** Unknown where nothing tells it. */
  readonly version?: string;
}

/** Told what is being done, in a line that replaces the one before. */
export type Progress = (line: string) => void;

/** What a source is built with. */
export interface BuildContext {
  readonly environment: NodeJS.ProcessEnv;
  /** Where a Go module's sources are. */
  readonly folder: string;
  readonly log: string;
  /** The folder to fill. */
  readonly target: string;
}
