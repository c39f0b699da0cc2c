import { tooManyRequests } from "../errors";
import type { Settings } from "../model/settings";
import { AuthenticationBan, type BanSettings } from "./authenticationBan";
import { Counters, type Count } from "./counters";

/** One of GitLab's throttles: so many requests in a period. */
export interface Throttle {
  readonly enabled: boolean;
  readonly requests: number;
  readonly periodSeconds: number;
}

/** All limits that an administrator can set. */
export interface LimitSettings {
  /** Requests to the API with a token that is good, by user. */
  readonly authenticatedApi: Throttle;
  /** Other requests to the API, by address. */
  readonly unauthenticatedApi: Throttle;
  /** Notes that a user may write in a minute; 0 for no limit. */
  readonly notesPerMinute: number;
  /** Addresses that fail too often at the registry's token service. */
  readonly authenticationBan: BanSettings;
}

/** As on a self-managed instance that nobody has changed. */
export const defaultLimits: LimitSettings = {
  authenticatedApi: { enabled: false, requests: 7200, periodSeconds: 3600 },
  unauthenticatedApi: { enabled: false, requests: 3600, periodSeconds: 3600 },
  notesPerMinute: 300,
  authenticationBan: { enabled: false, failures: 30, withinSeconds: 180, banSeconds: 3600 },
};

const setting = "limits";
const minuteSeconds = 60;

/** Counts what is limited. The counts are in memory, the limits themselves are kept. */
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

  /** The limits that apply. */
  get settings(): LimitSettings {
    return { ...defaultLimits, ...this.kept.get<Partial<LimitSettings>>(setting, {}) };
  }

  /** Changes the limits that are given, and starts counting again. */
  change(changes: Partial<LimitSettings>): void {
    this.kept.set(setting, { ...this.settings, ...changes });
    this.forget();
  }

  /** Sets the limits back to what they are by default, and starts counting again. */
  reset(): void {
    this.kept.unset(setting);
    this.forget();
  }

  /** Counts a request to the API; undefined while its throttle is off. */
  countRequest(
    throttle: "authenticatedApi" | "unauthenticatedApi",
    who: string,
  ): Count | undefined {
    const { enabled, requests, periodSeconds } = this.settings[throttle];
    return enabled ? this.counters.count(`${throttle} ${who}`, requests, periodSeconds) : undefined;
  }

  /** Counts a note that the user is about to write, and refuses it when that was too many in a minute. */
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
