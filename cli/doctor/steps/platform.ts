import type { ObjectList } from "../../kubernetesObjects";
import type { Finding, Outcome, Step } from "../step";

interface Node {
  readonly spec?: { readonly unschedulable?: boolean };
  readonly status?: {
    readonly nodeInfo?: { readonly operatingSystem: string; readonly architecture: string };
  };
}

/** Whether the cluster's nodes can run the image: a node takes any pod, and only then can't pull it. */
export const platformStep: Step = {
  id: "platform",
  title: "Platform",
  failure: "image",
  needsStack: true,
  dependsOn: ["image", "cluster"],
  run: async (inspection) => {
    const images = inspection.find("platforms");
    if (images === undefined) return { leftOut: "nothing is deployed yet" };
    const kubectl = inspection.get("kubectl");
    const nodes = await kubectl.read<ObjectList<Node>>(["get", "nodes"]);
    const platforms = (nodes?.items ?? [])
      .filter(({ spec }) => spec?.unschedulable !== true)
      .flatMap(({ status: { nodeInfo } = {} }) =>
        nodeInfo ? [`${nodeInfo.operatingSystem}/${nodeInfo.architecture}`] : [],
      );
    if (platforms.length === 0) return { leftOut: "this account may not list the nodes" };
    return compare(images, platforms);
  },
};

function compare(images: readonly string[], nodes: readonly string[]): Outcome {
  const others = nodes.filter((platform) => !images.includes(platform));
  const wanted = [...new Set(nodes)].join(",");
  const remedy = `pulumi config set platforms ${wanted} && npx slipway up    # builds for them`;
  const image = images.join(" and ");
  if (others.length === 0) return { detail: wanted };
  const finding = (cause: string): Finding => ({ cause, remedy });
  if (others.length === nodes.length) {
    const cause = `The image is for ${image}, and the cluster's nodes are ${wanted}: none of them can run it.`;
    return { findings: [finding(cause)] };
  }
  const cause = `The image is for ${image}, and ${others.length} of ${nodes.length} nodes are ${[...new Set(others)].join(", ")}: a pod that comes to one of them does not start.`;
  return { detail: wanted, warnings: [finding(cause)] };
}
