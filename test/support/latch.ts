/** Something that a test keeps waiting: it learns when that has come, and lets it go on. */
export class Gate {
  /** Settles when the first one waits here. */
  public readonly reached: Promise<void>;
  /** Lets all go on who wait here, and who come later. */
  public open: () => void = () => undefined;

  private reach: () => void = () => undefined;
  private readonly opened: Promise<void>;

  constructor() {
    this.reached = new Promise((resolve) => (this.reach = resolve));
    this.opened = new Promise((resolve) => (this.open = resolve));
  }

  /** Waits until the gate is open. */
  public async pass(): Promise<void> {
    this.reach();
    await this.opened;
  }
}
