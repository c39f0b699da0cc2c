import { explain } from "./explain";
import type { Kubectl } from "./kubectl";
import type { SiteObjects } from "./siteObjects";
import type { Finding } from "./step";

interface Template {
  readonly spec: { readonly template: { readonly metadata?: object; readonly spec: object } };
}

/**
 * Asks the cluster whether it would accept one more pod of the site, without creating it: a limit range, a quota, Pod
 * Security and admission webhooks all answer as they answer the next update.
 *
 * @returns nothing if it would, or if this account may not create pods, which an update does not need
 */
export async function findAdmissionProblem(
  kubectl: Kubectl,
  { deployment, namespace }: SiteObjects,
): Promise<Finding[]> {
  const found = await kubectl.read<Template>([
    "get",
    ...["deployment", deployment, "--namespace", namespace],
  ]);
  if (found === undefined) return [];
  const { metadata, spec } = found.spec.template;
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...metadata, generateName: `${deployment}-`, namespace },
    spec,
  };
  const { code, stderr } = await kubectl.create(pod, ["--dry-run=server"]);
  const message = stderr.trim();
  if (code === 0 || !isRefusal(message)) return [];
  const explanation = explain(message);
  return [
    {
      cause:
        `The cluster would refuse a new pod of the site, as in the next update. ${explanation?.means ?? ""}`.trim(),
      remedy: explanation?.next ?? `kubectl describe namespace ${namespace}`,
      lines: [message.split("\n").at(-1) ?? ""],
    },
  ];
}

/** Whether the pod itself was refused, and not the question. */
function isRefusal(message: string): boolean {
  return (
    /denied the request|is forbidden: /.test(message) && !/cannot create resource/.test(message)
  );
}
