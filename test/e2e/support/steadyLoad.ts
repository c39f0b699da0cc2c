import { request } from "undici";

const everyMs = 20;
const limitMs = 20_000;

/** Asks for a page fifty times a second, each time by a new connection, until stopped. */
export class SteadyLoad {
  private readonly timer: NodeJS.Timeout;
  private readonly underWay = new Set<Promise<void>>();
  private readonly failures: string[] = [];
  private requests = 0;

  constructor(private readonly url: string) {
    this.timer = setInterval(() => this.start(), everyMs);
  }

  /** Stops asking, and waits for the last answers. */
  public async stop(): Promise<{
    readonly requests: number;
    readonly failures: readonly string[];
  }> {
    clearInterval(this.timer);
    await Promise.all(this.underWay);
    return { requests: this.requests, failures: this.failures };
  }

  private start(): void {
    this.requests += 1;
    const answer = this.ask().finally(() => this.underWay.delete(answer));
    this.underWay.add(answer);
  }

  private async ask(): Promise<void> {
    try {
      const signal = AbortSignal.timeout(limitMs);
      const { body, statusCode } = await request(this.url, { reset: true, signal });
      const text = await body.text();
      if (statusCode !== 200 || !text.includes("___gatsby")) this.failures.push(`${statusCode}`);
    } catch (error) {
      this.failures.push(String(error));
    }
  }
}
