const minute = 60;

/** Renders how long something took, such as `0.4 s` or `1 min 20 s`. */
export function describeDuration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  return seconds < 9.95 ? `${seconds.toFixed(1)} s` : describeElapsed(milliseconds);
}

/** Renders how long something has been running, in whole seconds: more would only flicker. */
export function describeElapsed(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  const minutes = Math.floor(seconds / minute);
  return minutes === 0 ? `${seconds} s` : `${minutes} min ${seconds % minute} s`;
}
