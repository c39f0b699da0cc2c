import { parseImageReference } from "../../components/image/imageReference";
import { tryParseJson } from "../../components/json";
import { UserError } from "../errors";
import type { CommandContext } from "../io";
import { type Deployment, formatSelector, type ObjectList, type Pod } from "../kubernetesObjects";
import { openCluster } from "../pulumi/kubectl";
import type { ConfiguredStack } from "../pulumi/openStack";
import type { Pulumi } from "../pulumi/pulumiCli";
import type { PodsOverview } from "./overview";
import { mapSideBySide, type Read, tryRead } from "./sideBySide";
import type { DeploymentName } from "./stackFacts";

/** A stack whose pods to read. */
export interface DeployedStack extends ConfiguredStack {
  readonly deployment: DeploymentName;
  /** Repository of its image: other containers of a pod may be a service mesh's. */
  readonly repository: string;
}

interface Objects {
  readonly deployments: readonly Deployment[];
  readonly pods: readonly Pod[];
}

/** Number of clusters, or of stacks in a cluster, that are asked at the same time. */
const atOnce = 4;

/** `kubectl` waits for each answer for so long. */
const timeout = "5s";

/**
 * Reads the pods of all stacks. Stacks on one cluster, with pods of the same labels, are read in one go, if the
 * user may list pods in all namespaces.
 *
 * @returns by the stack's name
 */
export async function readPods(
  stacks: readonly DeployedStack[],
  pulumi: Pick<Pulumi, "readSecret">,
  io: Pick<CommandContext, "capture">,
): Promise<ReadonlyMap<string, Read<PodsOverview>>> {
  const groups = groupBy(stacks, computeGroup);
  const results = await mapSideBySide([...groups.values()], atOnce, (group) =>
    readGroup(group, pulumi, io),
  );
  return new Map(results.flat());
}

/** Stacks of one group have the same cluster and labels. A kubeconfig that is a secret is compared with none. */
function computeGroup({ deployment, stack, values }: DeployedStack): string {
  const kubeconfig = values["kubernetes:kubeconfig"];
  const cluster = kubeconfig === "" ? { stack } : { kubeconfig };
  return JSON.stringify({
    ...cluster,
    context: values["kubernetes:context"],
    labels: deployment.labels,
  });
}

type Result = readonly [stack: string, pods: Read<PodsOverview>];

async function readGroup(
  group: readonly DeployedStack[],
  pulumi: Pick<Pulumi, "readSecret">,
  io: Pick<CommandContext, "capture">,
): Promise<Result[]> {
  const [first] = group;
  const cluster = await tryRead(() => openCluster(first, pulumi));
  if ("reason" in cluster) return group.map(({ stack }) => [stack, cluster]);
  const { close, options } = cluster.value;
  const read = (namespace?: string) =>
    tryRead(() => readObjects(first.deployment, namespace, { ...first, options }, io));
  try {
    const all = group.length === 1 ? undefined : await read();
    // Who may read only some namespaces reads each of them. A cluster that does not answer is not asked again.
    if (all !== undefined && ("value" in all || !isForbidden(all.reason))) {
      return group.map((stack) => [stack.stack, mapRead(all, (found) => count(stack, found))]);
    }
    return await mapSideBySide(group, atOnce, async (stack): Promise<Result> => {
      const own = await read(stack.deployment.namespace);
      return [stack.stack, mapRead(own, (found) => count(stack, found))];
    });
  } finally {
    close();
  }
}

function mapRead<T, R>(read: Read<T>, map: (value: T) => Read<R>): Read<R> {
  return "value" in read ? map(read.value) : read;
}

function isForbidden(reason: string): boolean {
  return /forbidden/i.test(reason);
}

/** By the API's paths, since `kubectl get deployments` first asks the cluster which kinds it has. */
async function readObjects(
  { labels }: DeploymentName,
  namespace: string | undefined,
  { cwd, options }: { readonly cwd: string; readonly options: readonly string[] },
  io: Pick<CommandContext, "capture">,
): Promise<Objects> {
  const selector = formatSelector(labels);
  const place = namespace === undefined ? "" : `/namespaces/${namespace}`;
  const list = async <T>(api: string, kind: string): Promise<readonly T[]> => {
    const path = `${api}${place}/${kind}?labelSelector=${encodeURIComponent(selector)}`;
    const args = ["get", "--raw", path, "--request-timeout", timeout, ...options];
    const { code, stderr, stdout } = await io.capture("kubectl", args, cwd);
    if (code !== 0) throw new UserError(stderr.trim().replace(/^error: /i, ""));
    const items = (tryParseJson(stdout) as Partial<ObjectList<T>> | undefined)?.items;
    if (!Array.isArray(items)) {
      throw new UserError(`The answer to ${path} is not a list of Kubernetes' API.`);
    }
    return items as readonly T[];
  };
  const [deployments, pods] = await Promise.all([
    list<Deployment>("/apis/apps/v1", "deployments"),
    list<Pod>("/api/v1", "pods"),
  ]);
  return { deployments, pods };
}

function count(
  { deployment: { name, namespace }, repository }: DeployedStack,
  { deployments, pods }: Objects,
): Read<PodsOverview> {
  const own = deployments.find(
    ({ metadata }) => metadata.name === name && metadata.namespace === namespace,
  );
  if (own === undefined) {
    return { reason: `There is no Deployment \`${name}\` in namespace \`${namespace}\`.` };
  }
  const containers = pods
    .filter(({ metadata }) => metadata.namespace === namespace)
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .flatMap(({ status }) => status?.containerStatuses ?? [])
    .filter(({ image = "", imageID = "" }) =>
      [image, imageID].some((one) => parseImageReference(one).repository === repository),
    );
  const digests = groupBy(
    containers.flatMap(({ imageID = "" }) => parseImageReference(imageID).digest ?? []),
    (digest) => digest,
  );
  const waiting = containers.flatMap(({ state }) => state?.waiting?.reason ?? []);
  return {
    value: {
      ready: own.status?.readyReplicas ?? 0,
      wanted: own.spec.replicas ?? 1,
      digests: [...digests].map(([digest, { length }]) => ({ digest, pods: length })),
      waiting: [...new Set(waiting)].sort(),
    },
  };
}

function groupBy<T>(items: readonly T[], computeKey: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = computeKey(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
}
