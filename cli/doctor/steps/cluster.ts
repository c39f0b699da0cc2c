import { explain } from "../explain";
import type { InspectedStack } from "../inspection";
import { Kubectl } from "../kubectl";
import { findMissingRights } from "../rights";
import { findSiteObjects } from "../siteObjects";
import type { Finding, Step } from "../step";

interface Versions {
  readonly serverVersion?: { readonly gitVersion?: string; readonly minor?: string };
}

/** Oldest minor version of Kubernetes 1 that has everything that the site uses (`preStop.sleep`). */
export const leastMinor = 30;

/** The cluster: whether it answers, its version, and what this account may do there. */
export const clusterStep: Step = {
  id: "cluster",
  title: "Cluster",
  failure: "cluster",
  needsStack: true,
  dependsOn: ["state"],
  limitSeconds: 25,
  run: async (inspection) => {
    const stack = inspection.get("stack");
    const kubectl = await Kubectl.open(stack, stack.pulumi, inspection.io);
    inspection.set("kubectl", kubectl);
    const { code, stderr, stdout } = await kubectl.run(["version", "--output", "json"]);
    if (code !== 0) return { findings: [describeUnreachable(stderr, stack)] };
    const { serverVersion } = JSON.parse(stdout) as Versions;
    const site = findSiteObjects(inspection.get("state"));
    const namespace = site?.namespace ?? stack.config.site.namespace;
    if (namespace !== undefined) inspection.set("namespace", namespace);
    const findings = await findMissingRights(kubectl, namespace, stack.config.site);
    if (Number(serverVersion?.minor?.replace(/\D/g, "")) < leastMinor) {
      findings.push({
        cause: `The cluster has Kubernetes ${serverVersion?.gitVersion}, and the site's pods need 1.${leastMinor} or newer.`,
        remedy: "Have the cluster updated.",
      });
    }
    return { detail: `Kubernetes ${serverVersion?.gitVersion ?? "?"}`, findings };
  },
};

function describeUnreachable(stderr: string, { stack, values }: InspectedStack): Finding {
  const lines = stderr.trim().split("\n").slice(-3);
  const explanation = explain(stderr);
  const context = values["kubernetes:context"];
  return {
    cause: explanation?.means ?? "The cluster does not answer kubectl.",
    remedy:
      explanation?.next ??
      `kubectl config get-contexts    # \`${stack}\` uses ${context ?? "the current context"}`,
    lines,
  };
}
