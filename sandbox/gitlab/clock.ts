import type { Settings } from "./model/settings";

const setting = "clock_offset";

/**
 * The instance's clock: the machine's, moved by what was set over the control endpoint. The move is stored
 * with the records that are dated by it, so that a restart doesn't take them back or forward.
 */
export class Clock {
  private offset: number;

  constructor(
    private readonly machine: () => Date,
    private readonly settings: Settings,
  ) {
    this.offset = settings.get(setting, 0);
  }

  /** The instance's time. */
  readonly now = (): Date => new Date(this.machine().getTime() + this.offset);

  /** By how much the clock is ahead of the machine's; negative for behind. */
  get offsetMilliseconds(): number {
    return this.offset;
  }

  /** Moves the clock. Registry tokens are not dated by it: the registry keeps real time. */
  set offsetMilliseconds(offset: number) {
    this.settings.set(setting, offset);
    this.offset = offset;
  }
}
