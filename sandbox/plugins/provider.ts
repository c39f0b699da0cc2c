import type { PropertyMap } from "./properties";

/** How grave a message is. */
export type Severity = "debug" | "info" | "warning" | "error";

/** The engine that runs a plugin, as a place for messages. */
export interface Engine {
  /** A message that stays in the update's diagnostics. */
  log(severity: Severity, urn: string, message: string): void;

  /** A message that is shown beside the resource until the next one. */
  status(severity: Severity, urn: string, message: string): void;
}

/** A property that is not valid, as the engine shows it to a person. */
export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

/** Answer to a check: the inputs as the provider wants them. */
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

  /** Whether inputs, rather than the new inputs and the old state, are compared. */
  readonly inputDiff?: boolean;
}

/** Answer to a diff. */
export interface DiffResult {
  readonly detailed: ReadonlyMap<string, PropertyDiff>;
  readonly deleteBeforeReplace?: boolean;
}

/** Answer to a diff of the provider's own configuration. */
export interface ConfigDiffResult {
  readonly changed: readonly string[];
  readonly replaces: readonly string[];
}

/** What every request about a resource names. */
interface ResourceRequest {
  readonly urn: string;

  /** Type token, such as `kubernetes:apps/v1:Deployment`. */
  readonly type: string;

  /** Name in the program. */
  readonly name: string;
}

/** Asks whether inputs are valid, and for their final form. */
export interface CheckRequest extends ResourceRequest {
  readonly olds: PropertyMap;
  readonly news: PropertyMap;
  readonly randomSeed: Uint8Array;

  /** The stack's own rule for automatic names, if it has one. */
  readonly autonaming?: { readonly proposedName: string; readonly disabled: boolean };
}

/** Asks what differs. */
export interface DiffRequest extends ResourceRequest {
  readonly id: string;
  readonly olds: PropertyMap;
  readonly oldInputs: PropertyMap;
  readonly news: PropertyMap;

  /** Paths of the resource option of this name. */
  readonly ignoreChanges: readonly string[];
}

/** Asks for a resource to be made, or in a preview for what it would be. */
export interface CreateRequest extends ResourceRequest {
  readonly properties: PropertyMap;
  readonly preview: boolean;

  /** Seconds; 0 where none was set. */
  readonly timeout: number;
}

/** Asks for the present state. */
export interface ReadRequest extends ResourceRequest {
  readonly id: string;
  readonly properties: PropertyMap;
  readonly inputs: PropertyMap;
}

/** Asks for a change in place. */
export interface UpdateRequest extends DiffRequest {
  readonly preview: boolean;
  readonly timeout: number;
}

/** Asks for a resource to be removed. */
export interface DeleteRequest extends ResourceRequest {
  readonly id: string;
  readonly properties: PropertyMap;
  readonly timeout: number;
}

/** Asks for something that is looked up rather than managed. */
export interface InvokeRequest {
  /** Token of the function, such as `gitlab:index/getProject:getProject`. */
  readonly token: string;
  readonly args: PropertyMap;
}

/** Answer to a create. */
export interface CreateResult {
  readonly id: string;
  readonly properties: PropertyMap;
}

/** Answer to a read. `undefined`: the resource is gone. */
export type ReadResult = (CreateResult & { readonly inputs: PropertyMap }) | undefined;

/** A provider of resources, without anything of the protocol it is reached by. */
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

  /** Looks something up. A provider without functions leaves it out. */
  invoke?(request: InvokeRequest): Promise<PropertyMap>;

  /** Ends what is under way. */
  cancel(): void;
}

/** The resource exists, but did not become what it was meant to be: its state must be kept. */
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
