/** An operation on a stack, such as an update, as the stack's history has it. */
export interface UpdateRecord {
  /** `update`, `refresh`, `destroy` and others. */
  readonly kind: string;
  /** `succeeded`, `failed` or `in-progress`. */
  readonly result: string;
  readonly startedAt: Date;
  readonly endedAt: Date;
  /** What Pulumi records of the machine, such as `ci.build.url` and `git.author`. */
  readonly environment: Readonly<Record<string, string>>;
  /** The configuration that it used, by key with its namespace; empty if it is a secret. */
  readonly config: Readonly<Record<string, string>>;
}

interface PrintedRecord {
  readonly kind?: string;
  readonly result?: string;
  readonly startTime?: string;
  readonly endTime?: string;
  readonly environment?: Record<string, string>;
  readonly config?: Record<string, { readonly value?: string; readonly secret?: boolean }>;
}

/** Reads what `pulumi stack history --json` prints. */
export function parseHistory(printed: string): UpdateRecord[] {
  return (JSON.parse(printed) as PrintedRecord[]).map((record) => ({
    kind: record.kind ?? "",
    result: record.result ?? "",
    startedAt: new Date(record.startTime ?? 0),
    endedAt: new Date(record.endTime ?? record.startTime ?? 0),
    environment: record.environment ?? {},
    config: Object.fromEntries(
      Object.entries(record.config ?? {}).map(([key, { secret, value }]) => [
        key,
        secret === true ? "" : (value ?? ""),
      ]),
    ),
  }));
}

interface StoredRecord {
  readonly kind?: string;
  readonly result?: string;
  /** In seconds since 1970, like `endTime`. */
  readonly startTime?: number;
  readonly endTime?: number;
  readonly environment?: Record<string, string>;
  readonly config?: Record<string, unknown>;
}

/** Reads one file of a stack's history, as a backend keeps it that is a folder. */
export function parseHistoryFile(text: string): UpdateRecord {
  const record = JSON.parse(text) as StoredRecord;
  const startedAt = new Date((record.startTime ?? 0) * 1000);
  return {
    kind: record.kind ?? "",
    result: record.result ?? "",
    startedAt,
    endedAt: record.endTime ? new Date(record.endTime * 1000) : startedAt,
    environment: record.environment ?? {},
    config: renderValues(record.config ?? {}),
  };
}

/** Renders values of a configuration as text: objects as JSON, and a secret, also one inside an object, as "". */
export function renderValues(values: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, render(value)]));
}

function render(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (value === null || value === undefined || hasSecret(value)) return "";
  return JSON.stringify(value);
}

function hasSecret(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([key, member]) => key === "secure" || hasSecret(member));
}
