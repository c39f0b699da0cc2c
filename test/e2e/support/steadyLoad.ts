import { type Dispatcher, request } from "undici";

const limitMs = 20_000;

/** How a page is asked for. */
export interface LoadOptions {
  readonly perSecond: number;
  /** Connections to use. Default: a new one for each request. */
  readonly dispatcher?: Dispatcher;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Results of a load. */
export interface SteadyReport {
  readonly requests: number;
  readonly failures: readonly string[];
}

/** Asks for a page so many times a second, until stopped. */
export class SteadyLoad {
  private readonly timer: NodeJS.Timeout;
  private readonly underWay = new Set<Promise<void>>();
  private readonly failures: string[] = [];
  private requests = 0;

  constructor(
    private readonly url: string,
    private readonly options: LoadOptions,
  ) {
    this.timer = setInterval(() => this.start(), 1000 / options.perSecond);
  }

  /** Asks while something else is done, whose result is returned too. */
  public static async during<T>(
    url: string,
    options: LoadOptions,
    work: () => Promise<T>,
  ): Promise<SteadyReport & { readonly result: T }> {
    const load = new SteadyLoad(url, options);
    const result = await work().finally(() => load.stop());
    return { ...(await load.stop()), result };
  }

  /** Stops asking, and waits for the last answers. */
  public async stop(): Promise<SteadyReport> {
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
      const { dispatcher, headers } = this.options;
      const options = { dispatcher, headers, reset: dispatcher === undefined, signal };
      const { body, statusCode } = await request(this.url, options);
      const text = await body.text();
      if (statusCode !== 200 || !text.includes("___gatsby")) {
        this.failures.push(`${statusCode}: ${text.slice(0, 100)}`);
      }
    } catch (error) {
      this.failures.push(String(error));
    }
  }
}
