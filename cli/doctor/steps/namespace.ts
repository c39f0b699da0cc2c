import { findAdmissionProblem } from "../admission";
import type { Inspection } from "../inspection";
import type { Kubectl } from "../kubectl";
import { findSiteObjects } from "../siteObjects";
import type { Finding, Step } from "../step";

interface Quota {
  readonly metadata: { readonly name: string };
  readonly status?: {
    readonly hard?: Readonly<Record<string, string>>;
    readonly used?: Readonly<Record<string, string>>;
  };
}

interface Namespace {
  readonly metadata: { readonly labels?: Readonly<Record<string, string>> };
  readonly status?: { readonly phase?: string };
}

interface List<T> {
  readonly items: readonly T[];
}

/** The namespace: its state, its quota and limits, and whether something serves the Ingress's class. */
export const namespaceStep: Step = {
  id: "namespace",
  title: "Namespace",
  failure: "cluster",
  needsStack: true,
  dependsOn: ["cluster"],
  run: async (inspection) => {
    const namespace = inspection.find("namespace");
    if (namespace === undefined) return { leftOut: "nothing is deployed yet" };
    const kubectl = inspection.get("kubectl");
    const site = findSiteObjects(inspection.get("state"));
    const [found, quotas, ingress, refusals] = await Promise.all([
      kubectl.read<Namespace>(["get", "namespace", namespace]),
      kubectl.read<List<Quota>>(["get", "resourcequotas", "--namespace", namespace]),
      inspectIngress(inspection, kubectl),
      site === undefined ? [] : findAdmissionProblem(kubectl, site),
    ]);
    const full = (quotas?.items ?? []).flatMap((quota) => describeQuota(quota, namespace));
    const level = found?.metadata.labels?.["pod-security.kubernetes.io/enforce"];
    return {
      detail: `${namespace}, Pod Security ${level ?? "as the cluster's default"}`,
      findings: [...describePhase(found, namespace), ...ingress],
      // A quota that is used up is a refusal too.
      warnings: full.length > 0 ? full : refusals,
    };
  },
};

function describePhase(found: Namespace | undefined, namespace: string): Finding[] {
  if (found === undefined) {
    return [
      {
        cause: `The cluster has no namespace \`${namespace}\`, or this account may not read it: it was deleted, or the kubeconfig is another cluster's.`,
        remedy:
          "kubectl config current-context    # if it is the right one: pulumi refresh, then npx slipway up",
      },
    ];
  }
  if (found.status?.phase !== "Terminating") return [];
  return [
    {
      cause: `The namespace \`${namespace}\` is being deleted.`,
      remedy: `kubectl describe namespace ${namespace}    # says what it waits for`,
    },
  ];
}

/** A rolling update needs one pod more than run. */
function describeQuota({ metadata: { name }, status }: Quota, namespace: string): Finding[] {
  const { hard = {}, used = {} } = status ?? {};
  const full = Object.keys(hard).filter((key) => used[key] === hard[key] && hard[key] !== "0");
  if (full.length === 0) return [];
  return [
    {
      cause: `The quota \`${name}\` of namespace \`${namespace}\` is used up: ${full.map((key) => `${key} ${used[key]} of ${hard[key]}`).join(", ")}. The next update has no room for a new pod.`,
      remedy: `kubectl describe resourcequota ${name} --namespace ${namespace}`,
    },
  ];
}

async function inspectIngress(inspection: Inspection, kubectl: Kubectl): Promise<Finding[]> {
  const { host, ingressClass } = inspection.get("stack").config.site;
  if (host === undefined) return [];
  const classes = await kubectl.read<List<{ metadata: { name: string } }>>([
    "get",
    "ingressclasses",
  ]);
  const names = classes?.items.map(({ metadata }) => metadata.name);
  if (names === undefined) return [];
  if (ingressClass !== undefined && !names.includes(ingressClass)) {
    return [
      {
        cause: `The cluster has no IngressClass \`${ingressClass}\`, so nothing serves \`${host}\`. It has: ${names.join(", ") || "none"}.`,
        remedy: `pulumi config set ingressClass ${names[0] ?? "<name>"}`,
      },
    ];
  }
  if (names.length > 0) return [];
  return [
    {
      cause: `The cluster has no IngressClass, so no controller serves \`${host}\`.`,
      remedy: "Install an Ingress controller, such as ingress-nginx, and set `ingressClass`.",
    },
  ];
}
