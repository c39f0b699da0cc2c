/** A tool is missing, for a reason that the user can fix. */
export class ToolError extends Error {
  public override readonly name = "ToolError";
}
