/** Work that goes on after its request has been answered, as GitLab's job queue does it. */
export class Background {
  private readonly running = new Set<Promise<void>>();

  /** @param log takes what fails: nobody else would hear of it. */
  constructor(private readonly log: (line: string) => void) {}

  /** Starts some work. */
  start(work: () => Promise<void>): void {
    const run = work()
      .catch((error: unknown) => {
        this.log(error instanceof Error ? (error.stack ?? error.message) : String(error));
      })
      .finally(() => this.running.delete(run));
    this.running.add(run);
  }

  /** Settles when nothing is running any more. */
  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }
}
