/** How much of a limit is used. */
export interface Count {
  readonly limit: number;
  readonly periodSeconds: number;
  /** This one included. */
  readonly observed: number;
  readonly exceeded: boolean;
  /** Seconds until the count starts again. */
  readonly secondsLeft: number;
  /** When that is, in seconds since 1970. */
  readonly resetsAt: number;
}

/** Counters over fixed windows of time, which begin at multiples of their length, as Rack::Attack's do. */
export class Counters {
  private readonly windows = new Map<string, { readonly window: number; count: number }>();

  constructor(private readonly now: () => Date) {}

  /** Counts one more. */
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

  /** Starts all counts again. */
  forget(): void {
    this.windows.clear();
  }
}
