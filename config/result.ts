/** One thing that is wrong with a value. */
export interface Finding {
  /** Field of a structured key that is wrong, e.g. `["limits", "memory"]`; empty for the key itself. */
  readonly path: readonly string[];

  /** A sentence that continues the key's name (`` `host` is ... ``), then the remedy if it is not obvious. */
  readonly text: string;
}

/** What a validator returns: the parsed value, or everything that is wrong with it. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/** A valid value, as it is used from now on. */
export function valid<T>(value: T): Result<T> {
  return { ok: true, value };
}

/** An invalid value; each text is a {@link Finding} about the value itself. */
export function invalid(...texts: readonly string[]): Result<never> {
  return { ok: false, findings: texts.map((text) => ({ path: [], text })) };
}

/** The findings of a field, as its parent reports them. */
export function nest(field: string, findings: readonly Finding[]): Finding[] {
  return findings.map(({ path, text }) => ({ path: [field, ...path], text }));
}

/** Puts the texts of a problem's subject together, e.g. "`resources.limits.cpu` is ...". */
export function describeFinding(key: string, { path, text }: Finding): string {
  return `\`${[key, ...path].join(".")}\` ${text}`;
}
