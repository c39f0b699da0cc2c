/** Something that the user can mend. Its message says what is wrong and what to do, and is all that is shown. */
export class UserError extends Error {
  public override readonly name = "UserError";
}
