/** A message that a program prints, explained. */
export interface KnownMessage {
  /** The program, or programs, that print it. */
  readonly program: string;

  /** The literal message; `<name>` stands for a part that varies, and its text replaces `<name>` in the explanation. */
  readonly message: string;

  /** Other wordings of the same, from other versions and programs. */
  readonly also?: readonly string[];

  /** Whether the cause is in another message, which is preferred if the same text has one. @default false */
  readonly isWrapper?: boolean;

  /** Whether other messages in the same text are about the same, such as a proxy that refuses. @default false */
  readonly hidesOthers?: boolean;

  /** What it means, in one or two sentences. */
  readonly means: string;

  /** What it is often taken for, and is not. */
  readonly isNot: string;

  /** The next step. */
  readonly next: string;

  /** Whether the same pull fails again for the same reason, so that waiting does not help. @default false */
  readonly endsPull?: boolean;

  /** File of the test that saw the program print it here. @default it was not provoked here */
  readonly provokedBy?: string;
}
