/** A resource, as a stack's state has it. Secrets are in it encrypted, and nothing here reads them. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  /** As the provider gives it; a deploy token's is `owner:number`. */
  readonly id?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
}

/** Something that an update had begun when the state was written. */
export interface PendingOperation {
  readonly type: string;
  readonly resource: StateResource;
}

/** What a stack's state says, as far as the command line looks at it. */
export interface StackState {
  /** Resources, those included that are about to be deleted. */
  readonly resources: readonly StateResource[];
  readonly pending: readonly PendingOperation[];
}

const deployTokenPattern = /^gitlab:index\/(project|group)DeployToken:/;

/** Reads what `pulumi stack export` prints. */
export function parseState(exported: string): StackState {
  const { deployment } = JSON.parse(exported) as {
    deployment?: { resources?: StateResource[]; pending_operations?: PendingOperation[] };
  };
  return {
    resources: deployment?.resources ?? [],
    pending: deployment?.pending_operations ?? [],
  };
}

/** Whether a resource is a deploy token. */
export function isDeployToken({ type }: StateResource): boolean {
  return deployTokenPattern.test(type);
}

/** Numbers of the deploy tokens that the state knows. */
export function listKnownTokens({ resources }: StackState): Set<number> {
  return new Set(
    resources.filter(isDeployToken).map(({ id }) => Number(id?.slice(id.lastIndexOf(":") + 1))),
  );
}

/** What was being created, and may exist without the state knowing. */
export function listPendingCreates({ pending }: StackState): StateResource[] {
  return pending.filter(({ type }) => type === "creating").map(({ resource }) => resource);
}
