import { isMap, Secret } from "./properties";
import type { PropertyValue } from "./properties";

/** Shorter strings than this are words of a message rather than credentials. */
const SHORTEST_SECRET = 6;

/** Every string below a secret, as given and, where it is base64 of text, decoded. */
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

/** The text with every given secret replaced. */
export function redact(text: string, secrets: readonly string[]): string {
  return [...secrets]
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .sort((a, b) => b.length - a.length)
    .reduce((result, secret) => result.replaceAll(secret, "[secret]"), text);
}
