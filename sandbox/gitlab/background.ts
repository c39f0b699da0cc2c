/** Work that continues after its request has been answered, as in GitLab's job queue. */
export class Background {
  private readonly running = new Set<Promise<void>>();

  /** @param log receives failures, which no request reports */
  constructor(private readonly log: (line: string) => void) {}

  /** Starts work in the background. */
  start(work: () => Promise<void>): void {
    const run = work()
      .catch((error: unknown) => {
        this.log(error instanceof Error ? (error.stack ?? error.message) : String(error));
      })
      .finally(() => this.running.delete(run));
    this.running.add(run);
  }

  /** Resolves when no work is running any more. */
  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }
}
