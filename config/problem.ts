/** Something to mend: what is wrong, and the command that mends it. */
export interface Problem {
  readonly text: string;
  readonly command: string;
}
