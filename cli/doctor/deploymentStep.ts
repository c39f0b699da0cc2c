import { existsSync, readFileSync } from "node:fs";

import { tryParseJson } from "../../components/json";
import { isDeployment } from "../pulumi/resourceTypes";
import type { SiteObjects } from "./siteObjects";

interface StepMetadata {
  readonly op?: string;
  readonly type?: string;
  readonly new?: {
    readonly inputs?: {
      readonly metadata?: { readonly name?: string; readonly namespace?: string };
    };
  };
}

interface EngineEvent {
  /** In seconds since 1970. */
  readonly timestamp?: number;
  readonly resourcePreEvent?: { readonly metadata?: StepMetadata };
}

/** The site's Deployment, and when the update began to change it. */
export interface DeploymentStep extends SiteObjects {
  readonly since: Date;
}

/**
 * Finds the step of a running update that creates or changes the site's Deployment. From then on the update waits for
 * its pods.
 *
 * @param file the engine's event log; its last line may be incomplete
 * @returns undefined if the update has not come to it
 */
export function findDeploymentStep(file: string): DeploymentStep | undefined {
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  for (const line of text.split("\n")) {
    if (!line.includes('"resourcePreEvent"')) continue;
    const { resourcePreEvent, timestamp = 0 } = (tryParseJson(line) ?? {}) as EngineEvent;
    const { new: next, op = "same", type = "" } = resourcePreEvent?.metadata ?? {};
    const { name, namespace } = next?.inputs?.metadata ?? {};
    if (!isDeployment(type) || /^(same|read|delete|refresh)/.test(op)) continue;
    if (name === undefined || namespace === undefined) continue;
    return { deployment: name, namespace, since: new Date(timestamp * 1000) };
  }
  return undefined;
}
