import { tooManyRequests } from "../errors";
import type { Settings } from "../model/settings";
import { AuthenticationBan, type BanSettings } from "./authenticationBan";
import { Counters, type Count } from "./counters";

/** One of GitLab's rate limits: a number of requests in a period. */
export interface Throttle {
  readonly enabled: boolean;
  readonly requests: number;
  readonly periodSeconds: number;
}

/** All limits that an administrator can set. */
export interface LimitSettings {
  /** Requests to the API with a valid token, by user. */
  readonly authenticatedApi: Throttle;
  /** Other requests to the API, by address. */
  readonly unauthenticatedApi: Throttle;
  /** Notes that a user may write in a minute; 0 for no limit. */
  readonly notesPerMinute: number;
  /** Bans of addresses that fail too often at the registry's token service. */
  readonly authenticationBan: BanSettings;
}

/** Defaults of a self-managed instance. */
export const defaultLimits: LimitSettings = {
  authenticatedApi: { enabled: false, requests: 7200, periodSeconds: 3600 },
  unauthenticatedApi: { enabled: false, requests: 3600, periodSeconds: 3600 },
  notesPerMinute: 300,
  authenticationBan: { enabled: false, failures: 30, withinSeconds: 180, banSeconds: 3600 },
};

const setting = "limits";
const minuteSeconds = 60;

/** Counts requests against the limits. The counts are in memory; the limits are stored. */
export class Limits {
  private readonly counters: Counters;
  readonly authenticationBan: AuthenticationBan;

  constructor(
    private readonly kept: Settings,
    now: () => Date,
  ) {
    this.counters = new Counters(now);
    this.authenticationBan = new AuthenticationBan(() => this.settings.authenticationBan, now);
  }

  /** The present limits. */
  get settings(): LimitSettings {
    return { ...defaultLimits, ...this.kept.get<Partial<LimitSettings>>(setting, {}) };
  }

  /** Changes the given limits, and resets all counts. */
  change(changes: Partial<LimitSettings>): void {
    this.kept.set(setting, { ...this.settings, ...changes });
    this.forget();
  }

  /** Sets all limits to their defaults, and resets all counts. */
  reset(): void {
    this.kept.unset(setting);
    this.forget();
  }

  /** Counts a request to the API; returns `undefined` while the limit is disabled. */
  countRequest(
    throttle: "authenticatedApi" | "unauthenticatedApi",
    who: string,
  ): Count | undefined {
    const { enabled, requests, periodSeconds } = this.settings[throttle];
    return enabled ? this.counters.count(`${throttle} ${who}`, requests, periodSeconds) : undefined;
  }

  /** Counts a note that the user writes, and refuses it if there were too many in this minute. */
  checkNote(userId: number): void {
    const { notesPerMinute } = this.settings;
    if (notesPerMinute === 0) return;
    const { exceeded } = this.counters.count(`notes ${userId}`, notesPerMinute, minuteSeconds);
    if (exceeded) throw tooManyRequests();
  }

  private forget(): void {
    this.counters.forget();
    this.authenticationBan.forget();
  }
}
