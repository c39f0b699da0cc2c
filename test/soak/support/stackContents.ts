/** Runs a command in the program's folder. */
type Run = (command: string) => Promise<string>;

/** What an update that replaces nothing keeps. */
export interface Kept {
  readonly digest: string;
  readonly url: string;
  /** Identifiers of the deploy tokens. */
  readonly tokens: readonly string[];
  /** Kubernetes' identifiers of the Deployment and of the pull secret. */
  readonly uids: string;
}

/** A resource of a stack's state. */
interface Resource {
  readonly type: string;
  readonly id?: string;
}

/** Reads from the stack's state and from the cluster what an update should keep. */
export async function readKept(stack: string, run: Run): Promise<Kept> {
  const state = await run(`pulumi stack export --stack ${stack}`);
  const { deployment } = JSON.parse(state) as { deployment: { resources: Resource[] } };
  const outputs = await run(`pulumi stack output --json --stack ${stack}`);
  const { digest, namespace, url } = JSON.parse(outputs) as Record<string, string>;
  return {
    digest,
    url,
    tokens: deployment.resources
      .filter(({ type }) => type.endsWith("DeployToken"))
      .map(({ id = "" }) => id)
      .sort(),
    uids: await run(
      `kubectl get deployments,secrets --namespace ${namespace} --output jsonpath='{..metadata.uid}'`,
    ),
  };
}

const quiet: ReadonlySet<string> = new Set(["read", "refresh", "same", "update"]);

/** The steps of a preview as JSON, as operation and name, without updates in place. */
export function listSteps(preview: string): string[] {
  const { steps } = JSON.parse(preview) as { steps: { op: string; urn: string }[] };
  return steps
    .filter(({ op }) => !quiet.has(op))
    .map(({ op, urn }) => `${op} ${urn.split("::")[3]}`)
    .sort();
}
