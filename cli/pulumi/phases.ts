import { readEngineEvents } from "./engineEvents";
import { isDeployment, isDeployToken, isImage, isTag } from "./resourceTypes";

/** What an update does, in the order in which it does it. */
const phases: readonly (readonly [name: string, has: (type: string) => boolean])[] = [
  ["deploy tokens", isDeployToken],
  ["image", isImage],
  ["tags", isTag],
  ["pods", isDeployment],
];

/**
 * Says how long the parts of an update took, from Pulumi's event log.
 *
 * @returns undefined if none took a second
 */
export function describePhases(file: string): string | undefined {
  const times = new Map<string, { from: number; to: number }>();
  for (const event of readEngineEvents(file, "resourcePreEvent", "resOutputsEvent")) {
    const { timestamp = 0 } = event;
    const step = event.resourcePreEvent ?? event.resOutputsEvent;
    const { op = "same", type = "" } = step?.metadata ?? {};
    if (step?.planning === true || /^(same|read)/.test(op)) continue;
    const name = phases.find(([, has]) => has(type))?.[0];
    if (name === undefined) continue;
    const { from } = times.get(name) ?? { from: timestamp };
    times.set(name, { from, to: timestamp });
  }
  const parts = phases.flatMap(([name]) => {
    const { from, to } = times.get(name) ?? { from: 0, to: 0 };
    return to > from ? [`${name} ${formatSeconds(to - from)}`] : [];
  });
  return parts.length === 0 ? undefined : `Took: ${parts.join(", ")}.`;
}

function formatSeconds(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? `${seconds} s` : `${minutes} min ${seconds % 60} s`;
}
