/**
 * Output of `pulumi preview --json`, with the properties that a report needs.
 *
 * @see https://pkg.go.dev/github.com/pulumi/pulumi/pkg/v3/display#PreviewDigest
 */
export interface PreviewResult {
  /** Steps of the engine, one for each resource; unchanged resources only with `--show-sames`. */
  readonly steps: readonly Step[];
  /** Messages of the program, the providers and the engine. */
  readonly diagnostics: readonly Diagnostic[];
  /** Number of resources by operation. Missing if the preview did not finish. */
  readonly changeSummary?: Readonly<Record<string, number>>;
}

/** One operation on one resource. */
export interface Step {
  /** `create`, `update`, `replace`, `delete`, `same` and others: {@link isReplacement} and `changes.ts`. */
  readonly op: string;
  readonly urn: string;
  readonly oldState?: State;
  readonly newState?: State;
  /** Top-level properties that differ. */
  readonly diffReasons?: readonly string[];
  /** Top-level properties that cause the replacement. */
  readonly replaceReasons?: readonly string[];
  /** Property paths that differ; null if the provider does not report them. */
  readonly detailedDiff?: Readonly<Record<string, PropertyDiff>> | null;
}

/** How one property differs. */
export interface PropertyDiff {
  /** `add`, `delete` or `update`, with the suffix `-replace` if it replaces the resource. */
  readonly kind: string;
  /** Whether the old inputs, rather than the old state, are compared with the new inputs. */
  readonly inputDiff: boolean;
}

/** A resource before or after the update. A secret is `[secret]`, and an unknown value is {@link unknownValue}. */
export interface State {
  readonly type: string;
  /** False for components, which exist only in Pulumi's state. */
  readonly custom?: boolean;
  /** Whether the resource continues to exist when Pulumi deletes it. */
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

/** The engine's placeholder for a value that will be known only during the update. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Type of the resource that represents the stack itself. */
export const stackType = "pulumi:pulumi:Stack";

/** A preview that can't be read. The message completes the sentence "The preview failed: ...". */
export class UnreadableDigest extends Error {
  public override readonly name = "UnreadableDigest";
}

/**
 * Parses the standard output of a preview.
 *
 * @throws UnreadableDigest if it is not a preview's JSON, because the preview failed early or streamed events
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
