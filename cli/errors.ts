/** Options of {@link UserError}. */
export interface UserErrorOptions extends ErrorOptions {
  /** Exit code of the command. @default 1 */
  readonly exitCode?: number;
}

/** An error that the user can fix. Only its message is printed; it says what is wrong and what to do. */
export class UserError extends Error {
  public override readonly name = "UserError";
  /** Exit code of the command. */
  public readonly exitCode: number;

  constructor(message: string, { exitCode = 1, ...options }: UserErrorOptions = {}) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
