import { readEngineEvents } from "../pulumi/engineEvents";
import { describeElapsed } from "./duration";
import { findPhaseOfType, type PhaseName, phaseNames } from "./phase";

/**
 * Says how long the parts of an update took, from Pulumi's event log.
 *
 * @returns undefined if none took a second
 */
export function describePhases(file: string): string | undefined {
  const times = new Map<PhaseName, { from: number; to: number }>();
  for (const event of readEngineEvents(file, "resourcePreEvent", "resOutputsEvent")) {
    const { timestamp = 0 } = event;
    const step = event.resourcePreEvent ?? event.resOutputsEvent;
    const { op = "same", type = "" } = step?.metadata ?? {};
    if (step?.planning === true || /^(same|read)/.test(op)) continue;
    const name = findPhaseOfType(type);
    if (name === undefined) continue;
    const { from } = times.get(name) ?? { from: timestamp };
    times.set(name, { from, to: timestamp });
  }
  const parts = phaseNames.flatMap((name) => {
    const { from, to } = times.get(name) ?? { from: 0, to: 0 };
    return to > from ? [`${name} ${describeElapsed((to - from) * 1000)}`] : [];
  });
  return parts.length === 0 ? undefined : `Took: ${parts.join(", ")}.`;
}
