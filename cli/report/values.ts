import { unknownValue } from "./previewJson";
import { cutLine } from "./limits";
import { redact, secretText } from "../redact";

/** Text for a value that will be known only during the update. */
const unknownText = "(known after the update)";

// How Pulumi marks values that JSON has no type for.
// https://www.pulumi.com/docs/iac/guides/building-extending/providers/ (special values)
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** Whether the value has one of Pulumi's own types (a secret, an asset ...), whose parts are not shown. */
export function isMarked(value: object): boolean {
  return signatureKey in value;
}

/**
 * Renders a value in one line: as JSON, so that line breaks and outer spaces are visible. Values that look like
 * credentials are replaced, and long ones are cut.
 */
export function renderValue(value: unknown): string {
  if (value === unknownValue) return unknownText;
  if (typeof value === "object" && value !== null && isMarked(value)) {
    const { [signatureKey]: signature } = value as Record<string, unknown>;
    return signature === secretSignature ? secretText : "(file)";
  }
  if (value === secretText) return secretText;
  // Cut after redaction, because half a token would not be recognized.
  return cutLine(redact(JSON.stringify(value, hideMarked) ?? ""));
}

function hideMarked(_: string, value: unknown): unknown {
  if (value === unknownValue) return unknownText;
  return typeof value === "object" && value !== null && isMarked(value) ? secretText : value;
}
