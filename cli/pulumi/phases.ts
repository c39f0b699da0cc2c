import { existsSync, readFileSync } from "node:fs";

import { tryParseJson } from "../../components/json";
import { isDeployment, isDeployToken, isImage, isTag } from "./resourceTypes";

interface Step {
  readonly metadata?: { readonly op?: string; readonly type?: string; readonly urn?: string };
  /** Whether it is a step of a preview. */
  readonly planning?: boolean;
}

interface EngineEvent {
  /** In seconds since 1970. */
  readonly timestamp?: number;
  readonly resourcePreEvent?: Step;
  readonly resOutputsEvent?: Step;
}

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
  const events = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
  const times = new Map<string, { from: number; to: number }>();
  for (const line of events) {
    if (!/"(resourcePreEvent|resOutputsEvent)"/.test(line)) continue;
    const event = (tryParseJson(line) ?? {}) as EngineEvent;
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
