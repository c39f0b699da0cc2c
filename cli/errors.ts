/** An error that the user can fix. Only its message is printed; it says what is wrong and what to do. */
export class UserError extends Error {
  public override readonly name = "UserError";
}
