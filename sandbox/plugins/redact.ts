import { isMap, Secret } from "./properties";
import type { PropertyValue } from "./properties";

/** Strings shorter than this are more likely words than credentials, so they are not redacted. */
const SHORTEST_SECRET = 6;

/** Collects every string in a secret, as given and, if it is base64 of text, decoded. */
export function collectSecrets(value: PropertyValue, secret = false): string[] {
  if (value instanceof Secret) {
    return collectSecrets(value.value, true);
  }
  if (Array.isArray(value)) {
    return value.flatMap((item) => collectSecrets(item, secret));
  }
  if (isMap(value)) {
    return Object.values(value).flatMap((item) => collectSecrets(item, secret));
  }
  return secret && typeof value === "string"
    ? [value, Buffer.from(value, "base64").toString()]
    : [];
}

/** Replaces every given secret in the text. */
export function redact(text: string, secrets: readonly string[]): string {
  return [...secrets]
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .sort((a, b) => b.length - a.length)
    .reduce((result, secret) => result.replaceAll(secret, "[secret]"), text);
}
