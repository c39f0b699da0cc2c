import { isDeployToken } from "./resourceTypes";

/** A resource in a stack's state. Its secrets are encrypted, and nothing here decrypts them. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  /** Id that the provider defines; for a deploy token `owner:number`. */
  readonly id?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  /** What the resource returned; secrets are encrypted, unless they were asked for. */
  readonly outputs?: Readonly<Record<string, unknown>>;
  /** URN of the parent. */
  readonly parent?: string;
  /** URN and id of the provider, with `::` between them. */
  readonly provider?: string;
  /** When Pulumi created it, in RFC 3339. */
  readonly created?: string;
  /** When an operation last changed it, in RFC 3339. */
  readonly modified?: string;
  /** Whether its replacement exists and it is still to be deleted. */
  readonly delete?: boolean;
  /** Whether it has been deleted and its replacement is still to be created. */
  readonly pendingReplacement?: boolean;
}

/** An operation that had begun when the state was written. */
export interface PendingOperation {
  readonly type: string;
  readonly resource: StateResource;
}

/** The parts of a stack's state that the command line uses. */
export interface StackState {
  /** Resources, including the ones to be deleted. */
  readonly resources: readonly StateResource[];
  readonly pending: readonly PendingOperation[];
  /** When the state was written; undefined if nothing was ever deployed. */
  readonly writtenAt: Date | undefined;
}

interface ExportedDeployment {
  readonly resources?: StateResource[];
  readonly pending_operations?: PendingOperation[];
  readonly manifest?: { readonly time?: string };
}

/** Reads what `pulumi stack export` prints. */
export function parseState(exported: string): StackState {
  return readDeployment((JSON.parse(exported) as { deployment?: ExportedDeployment }).deployment);
}

/** Reads a state's file, as a backend keeps it that is a folder. */
export function parseStateFile(text: string): StackState {
  const { checkpoint } = JSON.parse(text) as { checkpoint?: { latest?: ExportedDeployment } };
  return readDeployment(checkpoint?.latest);
}

function readDeployment(deployment: ExportedDeployment | undefined): StackState {
  const time = deployment?.manifest?.time;
  return {
    resources: deployment?.resources ?? [],
    pending: deployment?.pending_operations ?? [],
    writtenAt: time === undefined ? undefined : new Date(time),
  };
}

/** Ids in GitLab of the deploy tokens in the state. */
export function listKnownTokens({ resources }: StackState): Set<number> {
  return new Set(
    resources
      .filter(({ type }) => isDeployToken(type))
      .map(({ id }) => Number(id?.slice(id.lastIndexOf(":") + 1))),
  );
}

/** Resources that were being created. They may exist although they are not in the state. */
export function listPendingCreates({ pending }: StackState): StateResource[] {
  return pending.filter(({ type }) => type === "creating").map(({ resource }) => resource);
}

/** A secret in an exported state. */
interface ExportedSecret {
  /** JSON; undefined if the secrets were not asked for. */
  readonly plaintext?: string;
}

/** The key by which Pulumi marks a secret in a state. */
const secretKey = "4dabf18193072939515e22adb298388d";

/** Replaces the secrets in a value of a state by their plain text; by undefined if they are encrypted. */
export function revealSecrets(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(revealSecrets);
  if (secretKey in value) {
    const { plaintext } = value as ExportedSecret;
    return plaintext === undefined ? undefined : (JSON.parse(plaintext) as unknown);
  }
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, revealSecrets(one)]));
}
