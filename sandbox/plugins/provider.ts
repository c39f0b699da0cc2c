import type { PropertyMap } from "./properties";

/** Severity of a message. */
export type Severity = "debug" | "info" | "warning" | "error";

/** The engine that runs a plugin, which receives messages. */
export interface Engine {
  /** Adds a message to the update's diagnostics. */
  log(severity: Severity, urn: string, message: string): void;

  /** Shows a message beside the resource until the next one. */
  status(severity: Severity, urn: string, message: string): void;
}

/** A problem of a property, as the engine shows it to the user. */
export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

/** Result of a check: the inputs in their final form. */
export interface CheckResult {
  readonly inputs: PropertyMap;
  readonly failures?: readonly CheckFailure[];
}

/** How one property differs. */
export type DiffKind =
  "ADD" | "ADD_REPLACE" | "DELETE" | "DELETE_REPLACE" | "UPDATE" | "UPDATE_REPLACE";

/** A property that differs. */
export interface PropertyDiff {
  readonly kind: DiffKind;

  /** Whether the old and new inputs are compared, rather than the old state and the new inputs. */
  readonly inputDiff?: boolean;
}

/** Result of a diff. */
export interface DiffResult {
  readonly detailed: ReadonlyMap<string, PropertyDiff>;
  readonly deleteBeforeReplace?: boolean;
}

/** Result of a diff of the provider's own configuration. */
export interface ConfigDiffResult {
  readonly changed: readonly string[];
  readonly replaces: readonly string[];
}

/** Properties of every request about a resource. */
interface ResourceRequest {
  readonly urn: string;

  /** Type, such as `kubernetes:apps/v1:Deployment`. */
  readonly type: string;

  /** Name in the program. */
  readonly name: string;
}

/** Request to validate inputs and to return their final form. */
export interface CheckRequest extends ResourceRequest {
  readonly olds: PropertyMap;
  readonly news: PropertyMap;
  readonly randomSeed: Uint8Array;

  /** The stack's rule for automatic names, if it has one. */
  readonly autonaming?: { readonly proposedName: string; readonly disabled: boolean };
}

/** Request to compare inputs with the state. */
export interface DiffRequest extends ResourceRequest {
  readonly id: string;
  readonly olds: PropertyMap;
  readonly oldInputs: PropertyMap;
  readonly news: PropertyMap;

  /** Paths of the resource option of this name. */
  readonly ignoreChanges: readonly string[];
}

/** Request to create a resource or, in a preview, to compute what it would be. */
export interface CreateRequest extends ResourceRequest {
  readonly properties: PropertyMap;
  readonly preview: boolean;

  /** Timeout in seconds; 0 if there is none. */
  readonly timeout: number;
}

/** Request to read the present state. */
export interface ReadRequest extends ResourceRequest {
  readonly id: string;
  readonly properties: PropertyMap;
  readonly inputs: PropertyMap;
}

/** Request to change a resource in place. */
export interface UpdateRequest extends DiffRequest {
  readonly preview: boolean;
  readonly timeout: number;
}

/** Request to delete a resource. */
export interface DeleteRequest extends ResourceRequest {
  readonly id: string;
  readonly properties: PropertyMap;
  readonly timeout: number;
}

/** Request to call a function, which reads data that no resource manages. */
export interface InvokeRequest {
  /** Token of the function, such as `gitlab:index/getProject:getProject`. */
  readonly token: string;
  readonly args: PropertyMap;
}

/** Result of a create. */
export interface CreateResult {
  readonly id: string;
  readonly properties: PropertyMap;
}

/** Result of a read; `undefined` if the resource no longer exists. */
export type ReadResult = (CreateResult & { readonly inputs: PropertyMap }) | undefined;

/** A provider of resources, independent of the gRPC protocol. */
export interface Provider {
  readonly name: string;
  readonly version: string;

  checkConfig(news: PropertyMap): CheckResult;
  diffConfig(olds: PropertyMap, news: PropertyMap): ConfigDiffResult;
  configure(config: PropertyMap): Promise<void>;
  check(request: CheckRequest): Promise<CheckResult> | CheckResult;
  diff(request: DiffRequest): Promise<DiffResult> | DiffResult;
  create(request: CreateRequest): Promise<CreateResult>;
  read(request: ReadRequest): Promise<ReadResult>;
  update(request: UpdateRequest): Promise<PropertyMap>;
  delete(request: DeleteRequest): Promise<void>;

  /** Calls a function. Optional, because a provider may have none. */
  invoke?(request: InvokeRequest): Promise<PropertyMap>;

  /** Aborts the running operations. */
  cancel(): void;
}

/** The resource exists, but is not ready: its state must be kept. */
export class InitializationError extends Error {
  override readonly name = "InitializationError";

  constructor(
    message: string,
    readonly resource: CreateResult & { readonly inputs?: PropertyMap },
    readonly reasons: readonly string[],
  ) {
    super(message);
  }
}
