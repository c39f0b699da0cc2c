import { stringify } from "yaml";

/** A value as it stands behind `key: ` in YAML, on one line. */
export function renderValue(value: unknown): string {
  return stringify(value, { collectionStyle: "flow", lineWidth: 0 }).trimEnd();
}
