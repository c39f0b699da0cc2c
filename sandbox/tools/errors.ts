/** A tool is missing for a reason that a person can fix. */
export class ToolError extends Error {
  public override readonly name = "ToolError";
}
