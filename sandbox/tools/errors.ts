/** A tool that can't be had, for a reason a person can mend. */
export class ToolError extends Error {
  public override readonly name = "ToolError";
}
