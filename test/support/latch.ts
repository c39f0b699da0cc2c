/** A gate that holds up code under test: the test learns when the code arrives, and lets it continue. */
export class Gate {
  /** Resolves when the first caller waits at the gate. */
  public readonly reached: Promise<void>;
  /** Opens the gate for all present and later callers. */
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
