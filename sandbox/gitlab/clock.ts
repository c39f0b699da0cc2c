import type { Settings } from "./model/settings";

const setting = "clock_offset";

/**
 * The instance's clock: the machine's, shifted by an offset that the control endpoint sets. The offset is stored with
 * the data, so that a restart does not shift the dates of the records.
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

  /** How far the clock is ahead of the machine's; negative if it is behind. */
  get offsetMilliseconds(): number {
    return this.offset;
  }

  /** Shifts the clock. Registry tokens don't use it, because the registry's clock can't be shifted. */
  set offsetMilliseconds(offset: number) {
    this.settings.set(setting, offset);
    this.offset = offset;
  }
}
