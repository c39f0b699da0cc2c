import pWaitFor from "p-wait-for";

import type { TestCluster } from "../../e2e/support/cluster";
import type { TestGitLab } from "../../e2e/support/gitlab";
import { type PullingPod, renderPullingPod } from "../../e2e/support/pod";

/** How a pull ended. */
export interface Pull {
  /** Why it failed; empty where it did not. */
  readonly problem: string;
  /** What GitLab was shown for it, `user, kind and number` or `nobody`, each once. */
  readonly shown: readonly string[];
}

interface Pod {
  readonly metadata: { readonly name: string };
  readonly status: {
    readonly phase: string;
    readonly containerStatuses?: {
      readonly state: { readonly waiting?: { readonly reason: string; readonly message?: string } };
    }[];
  };
}

const limitMs = 3 * 60_000;

/** Runs a pod that has to pull to its end, or until the node says why it can't. */
export async function pull(
  { cluster, gitlab }: { cluster: TestCluster; gitlab: TestGitLab },
  namespace: string,
  pod: PullingPod,
): Promise<Pull> {
  const before = (await gitlab.control.events({ action: "registry_token" })).at(-1)?.id ?? 0;
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  const made = await cluster.api<Pod>(
    "POST",
    pods,
    renderPullingPod({ generateName: "pull-" }, pod),
  );
  const path = `${pods}/${made.metadata.name}`;
  let problem: string | undefined;
  const hasEnded = async (): Promise<boolean> => {
    const { status } = await cluster.api<Pod>("GET", path);
    const waiting = status.containerStatuses?.[0]?.state.waiting;
    if (status.phase === "Succeeded") problem = "";
    if (waiting?.reason === "ErrImagePull") problem = waiting.message ?? waiting.reason;
    return problem !== undefined;
  };
  await pWaitFor(hasEnded, { interval: 200, timeout: limitMs });
  await cluster.api("DELETE", `${path}?gracePeriodSeconds=0`);
  const events = await gitlab.control.events({ action: "registry_token", after: before });
  const shown = events.map(({ actor, credential }) =>
    actor === null ? "nobody" : `${actor}, ${credential}`,
  );
  return { problem: problem ?? "", shown: [...new Set(shown)] };
}
