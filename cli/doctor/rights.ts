import { hasNetworkPolicy } from "../../components/site/networkPolicyMode";
import type { ParsedConfig } from "../../config/parse";
import type { Kubectl } from "./kubectl";
import type { Finding } from "./step";

interface Right {
  readonly group: string;
  readonly resource: string;
  readonly verb: string;
}

interface Review {
  readonly spec: { readonly resourceAttributes: Right };
  readonly status?: { readonly allowed?: boolean };
}

const verbs = ["get", "create", "patch", "delete"];

/**
 * Finds what this account may not do in the cluster and an update does. All questions go in one call.
 *
 * @param namespace undefined if the stack has not created it yet
 */
export async function findMissingRights(
  kubectl: Kubectl,
  namespace: string | undefined,
  site: Pick<
    ParsedConfig["site"],
    "autoscaling" | "host" | "namespace" | "networkPolicy" | "replicas" | "webServer"
  >,
): Promise<Finding[]> {
  const objects = [
    ["apps", "deployments"],
    ["", "services"],
    ["", "configmaps"],
    ["", "secrets"],
    ["", "serviceaccounts"],
    ...(site.host === undefined ? [] : [["networking.k8s.io", "ingresses"]]),
    ...(hasNetworkPolicy(site) ? [["networking.k8s.io", "networkpolicies"]] : []),
    ...(site.autoscaling === undefined ? [] : [["autoscaling", "horizontalpodautoscalers"]]),
    ...((site.autoscaling?.maxReplicas ?? site.replicas) > 1
      ? [["policy", "poddisruptionbudgets"]]
      : []),
    ...(site.namespace === undefined ? [["", "namespaces"]] : []),
  ];
  const rights: Right[] = [
    ...objects.flatMap(([group = "", resource = ""]) =>
      verbs.map((verb) => ({ group, resource, verb })),
    ),
    // Pulumi's provider watches these while it waits for the site.
    { group: "", resource: "pods", verb: "list" },
    { group: "", resource: "events", verb: "list" },
    { group: "apps", resource: "replicasets", verb: "list" },
  ];
  const items = rights.map((right) => ({
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectAccessReview",
    spec: {
      resourceAttributes:
        right.resource === "namespaces" ? right : { ...right, namespace: namespace ?? "default" },
    },
  }));
  const list = { apiVersion: "v1", kind: "List", items };
  const { code, stdout } = await kubectl.create(list, ["--output", "json", "--validate=false"]);
  // Without an answer an update says the same later.
  if (code !== 0) return [];
  const denied = readReviews(stdout).filter(({ status }) => status?.allowed === false);
  return describeDenied(
    denied.map(({ spec }) => spec.resourceAttributes),
    namespace,
  );
}

/** kubectl prints a list, or one object after the other. */
function readReviews(stdout: string): Review[] {
  const list = JSON.parse(`[${stdout.trim().replace(/\}\s*\n\{/g, "},{")}]`) as (
    Review | { readonly items: Review[] }
  )[];
  return list.flatMap((one) => ("items" in one ? one.items : [one]));
}

function describeDenied(denied: readonly Right[], namespace = "default"): Finding[] {
  const resources = [...new Set(denied.map(({ resource }) => resource))];
  return resources.map((resource) => {
    const verbs = denied.filter((one) => one.resource === resource).map(({ verb }) => verb);
    const place = resource === "namespaces" ? "" : ` in namespace \`${namespace}\``;
    const option = resource === "namespaces" ? "" : ` --namespace ${namespace}`;
    return {
      cause: `This account may not ${verbs.join(", ")} ${resource}${place}.`,
      remedy: `kubectl auth can-i ${verbs[0]} ${resource}${option}    # ask the cluster's administrator for a Role with it`,
    };
  });
}
