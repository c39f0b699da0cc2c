import { ControlError, type ControlSubject } from "./subject";

/** A new time of the clock: an offset from the machine's clock in seconds, or an instant. */
export type ClockChange = { readonly offsetSeconds: number } | { readonly at: string };

/** State of the clock. */
export interface ClockState {
  readonly now: string;
  readonly offsetSeconds: number;
}

/** `GET /clock`, `PUT /clock` */
export const controlClock: ControlSubject = (control, { gitlab }) => {
  const read = (): ClockState => ({
    now: gitlab.now().toISOString(),
    offsetSeconds: gitlab.clock.offsetMilliseconds / 1000,
  });
  control.get("/clock", read);
  control.put<{ Body: Partial<Record<"offsetSeconds" | "at", unknown>> | null }>(
    "/clock",
    ({ body }) => {
      gitlab.clock.offsetMilliseconds = readOffset(
        body ?? {},
        gitlab.clock.offsetMilliseconds,
        gitlab.now(),
      );
      return read();
    },
  );
};

function readOffset(
  { offsetSeconds, at }: { offsetSeconds?: unknown; at?: unknown },
  known: number,
  now: Date,
): number {
  if (typeof offsetSeconds === "number" && Number.isFinite(offsetSeconds)) {
    return Math.round(offsetSeconds * 1000);
  }
  const instant = typeof at === "string" ? Date.parse(at) : NaN;
  if (Number.isNaN(instant)) {
    throw new ControlError('Give `{"offsetSeconds": 3600}` or `{"at": "2027-01-01T00:00:00Z"}`.');
  }
  return known + instant - now.getTime();
}
