/** How much of a limit is used up. */
export interface Count {
  readonly limit: number;
  readonly periodSeconds: number;
  /** Number of requests, including this one. */
  readonly observed: number;
  readonly exceeded: boolean;
  /** Seconds until the count starts again. */
  readonly secondsLeft: number;
  /** End of the window, in seconds since 1970. */
  readonly resetsAt: number;
}

/** Counts in fixed windows of time, which begin at multiples of their length, as in Rack::Attack. */
export class Counters {
  private readonly windows = new Map<string, { readonly window: number; count: number }>();

  constructor(private readonly now: () => Date) {}

  /** Adds one to the count. */
  count(key: string, limit: number, periodSeconds: number): Count {
    const second = Math.floor(this.now().getTime() / 1000);
    const window = Math.floor(second / periodSeconds);
    const known = this.windows.get(key);
    const current = known?.window === window ? known : { window, count: 0 };
    current.count += 1;
    this.windows.set(key, current);

    const secondsLeft = periodSeconds - (second % periodSeconds);
    return {
      limit,
      periodSeconds,
      observed: current.count,
      exceeded: current.count > limit,
      secondsLeft,
      resetsAt: second + secondsLeft,
    };
  }

  /** Resets all counts. */
  forget(): void {
    this.windows.clear();
  }
}
