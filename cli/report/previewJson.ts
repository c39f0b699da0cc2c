/**
 * What `pulumi preview --json` prints, as far as a report needs it.
 *
 * @see https://pkg.go.dev/github.com/pulumi/pulumi/pkg/v3/display#PreviewDigest
 */
export interface PreviewResult {
  /** What the engine would do, one entry a resource; unchanged ones only with `--show-sames`. */
  readonly steps: readonly Step[];
  /** What the program, the providers and the engine had to say. */
  readonly diagnostics: readonly Diagnostic[];
  /** Number of resources by operation. Missing when the preview did not come to its end. */
  readonly changeSummary?: Readonly<Record<string, number>>;
}

/** One operation on one resource. */
export interface Step {
  /** `create`, `update`, `replace`, `delete`, `same` and others: {@link isReplacement} and `changes.ts`. */
  readonly op: string;
  readonly urn: string;
  readonly oldState?: State;
  readonly newState?: State;
  /** Properties that differ, at the top level. */
  readonly diffReasons?: readonly string[];
  /** Properties because of which the resource is replaced, at the top level. */
  readonly replaceReasons?: readonly string[];
  /** Property paths that differ; null where the provider does not say. */
  readonly detailedDiff?: Readonly<Record<string, PropertyDiff>> | null;
}

/** How one property differs. */
export interface PropertyDiff {
  /** `add`, `delete` or `update`; with `-replace` behind it where that replaces the resource. */
  readonly kind: string;
  /** Whether old inputs are compared to new ones; otherwise the old state is. */
  readonly inputDiff: boolean;
}

/** A resource before or after. Secrets read `[secret]`, and what is not known yet {@link unknownValue}. */
export interface State {
  readonly type: string;
  /** False for components, which are nothing outside Pulumi's state. */
  readonly custom?: boolean;
  /** Whether it stays where it is when Pulumi deletes it. */
  readonly retainOnDelete?: boolean;
  readonly id?: string;
  readonly inputs?: Properties;
  readonly outputs?: Properties;
}

export type Properties = Readonly<Record<string, unknown>>;

/** One message. */
export interface Diagnostic {
  readonly urn?: string;
  readonly message?: string;
  /** `info`, `info#err`, `warning` or `error`. */
  readonly severity?: string;
}

/** What the engine writes in place of a value that only the update will know. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Type of the one resource that stands for the stack itself. */
export const stackType = "pulumi:pulumi:Stack";

/** A preview that can't be read. The message is a sentence that ends the one "The preview failed: ...". */
export class UnreadableDigest extends Error {
  public override readonly name = "UnreadableDigest";
}

/**
 * Reads what a preview wrote to standard output.
 *
 * @throws UnreadableDigest where that is no digest: the preview ended before it had one, or streamed
 */
export function parsePreview(text: string): PreviewResult {
  if (text.trim() === "") {
    throw new UnreadableDigest("it ended before it wrote any JSON");
  }
  const value = tryParse(text);
  if (value === undefined) {
    throw new UnreadableDigest(
      startsWithEvent(text)
        ? "its JSON is a stream of events. Unset `PULUMI_ENABLE_STREAMING_JSON_PREVIEW`"
        : "what it wrote is not JSON. Redirect its standard output alone: `pulumi preview --json > FILE`",
    );
  }
  const { steps = [], diagnostics = [], changeSummary } = value as Partial<PreviewResult>;
  if (!isListOfRecords(steps) || !isListOfRecords(diagnostics)) {
    throw new UnreadableDigest("its JSON is not what `pulumi preview --json` writes");
  }
  return { steps, diagnostics, changeSummary };
}

function tryParse(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function startsWithEvent(text: string): boolean {
  const first = tryParse(text.trim().split("\n", 1)[0]);
  return first !== undefined && "sequence" in first;
}

function isListOfRecords(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === "object" && one !== null);
}
