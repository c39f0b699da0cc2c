import { unknownValue } from "./previewJson";
import { cutLine } from "./limits";
import { redact, secretText } from "../redact";

/** What stands in a report for a value that only the update will know. */
const unknownText = "(known after the update)";

// How Pulumi marks what JSON has no type for.
// https://www.pulumi.com/docs/iac/guides/building-extending/providers/ (special values)
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** Whether the value is one of Pulumi's own kinds (a secret, an asset ...), which has no parts to show. */
export function isMarked(value: object): boolean {
  return signatureKey in value;
}

/**
 * One value as a line of text: JSON, so that neither a line break nor a blank at an end gets lost, with
 * what looks like a credential replaced and what is too long cut.
 */
export function renderValue(value: unknown): string {
  if (value === unknownValue) return unknownText;
  if (typeof value === "object" && value !== null && isMarked(value)) {
    const { [signatureKey]: signature } = value as Record<string, unknown>;
    return signature === secretSignature ? secretText : "(file)";
  }
  if (value === secretText) return secretText;
  // Cut after it is redacted: half a token would not be recognized as one.
  return cutLine(redact(JSON.stringify(value, hideMarked) ?? ""));
}

function hideMarked(_: string, value: unknown): unknown {
  if (value === unknownValue) return unknownText;
  return typeof value === "object" && value !== null && isMarked(value) ? secretText : value;
}
