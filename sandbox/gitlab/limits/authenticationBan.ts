/** Settings of bans from the registry's token service. */
export interface BanSettings {
  readonly enabled: boolean;
  readonly failures: number;
  readonly withinSeconds: number;
  readonly banSeconds: number;
}

interface Record {
  readonly since: number;
  failures: number;
  bannedUntil: number;
}

/** Bans addresses that fail to authenticate too often. A success resets the count. */
export class AuthenticationBan {
  private readonly records = new Map<string, Record>();

  constructor(
    private readonly settings: () => BanSettings,
    private readonly now: () => Date,
  ) {}

  /** Whether the address is banned. */
  isBanned(address: string): boolean {
    return (this.records.get(address)?.bannedUntil ?? 0) > this.second();
  }

  /** Counts a failure, and bans the address if there were too many. */
  fail(address: string): void {
    const { enabled, failures, withinSeconds, banSeconds } = this.settings();
    if (!enabled) return;
    const now = this.second();
    const known = this.records.get(address);
    const record =
      known !== undefined && known.since + withinSeconds > now
        ? known
        : { since: now, failures: 0, bannedUntil: 0 };
    record.failures += 1;
    if (record.failures >= failures) record.bannedUntil = now + banSeconds;
    this.records.set(address, record);
  }

  /** Resets the address's count. */
  succeed(address: string): void {
    this.records.delete(address);
  }

  /** Resets all counts and lifts all bans. */
  forget(): void {
    this.records.clear();
  }

  private second(): number {
    return Math.floor(this.now().getTime() / 1000);
  }
}
