/** When an address is banned from the registry's token service, and for how long. */
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

/** Bans addresses that fail to authenticate too often. A success clears what was counted before. */
export class AuthenticationBan {
  private readonly records = new Map<string, Record>();

  constructor(
    private readonly settings: () => BanSettings,
    private readonly now: () => Date,
  ) {}

  /** Whether the address is banned now. */
  isBanned(address: string): boolean {
    return (this.records.get(address)?.bannedUntil ?? 0) > this.second();
  }

  /** Counts a failure; the one that is too many bans the address. */
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

  /** Forgets the address' failures. */
  succeed(address: string): void {
    this.records.delete(address);
  }

  /** Forgets all failures and lifts all bans. */
  forget(): void {
    this.records.clear();
  }

  private second(): number {
    return Math.floor(this.now().getTime() / 1000);
  }
}
