/** Finds the values of deploy tokens in a state that was exported with its secrets. */
export function findSecrets(stateWithSecrets: string): string[] {
  const { deployment } = JSON.parse(stateWithSecrets) as {
    deployment: { resources: { type: string; outputs?: { token?: { plaintext?: string } } }[] };
  };
  return deployment.resources
    .filter(({ type }) => type.endsWith("DeployToken"))
    .map(({ outputs }) => JSON.parse(outputs?.token?.plaintext ?? '""') as string)
    .filter((token) => token !== "");
}

/** Lists the secrets that a text contains: unchanged, in base64 at any offset, or URL-encoded. */
export function listOccurrences(text: string, secrets: readonly string[]): string[] {
  return secrets.flatMap((secret, index) =>
    listEncodings(secret)
      .filter(([, encoded]) => text.includes(encoded))
      .map(([encoding]) => `secret ${index}, ${encoding}`),
  );
}

/** The texts that contain a secret: unchanged, in base64 at each offset, URL-encoded. */
export function listEncodings(secret: string): [string, string][] {
  return [
    ["plain", secret],
    ["URL-encoded", encodeURIComponent(secret)],
    ...[0, 1, 2].map((offset): [string, string] => [`base64 at ${offset}`, base64(secret, offset)]),
  ];
}

/**
 * Returns the base64 characters that depend only on the secret, when it begins at this offset in a group of 3 bytes.
 */
function base64(secret: string, offset: number): string {
  const encoded = Buffer.from("\0".repeat(offset) + secret)
    .toString("base64")
    .replace(/=+$/, "");
  return encoded.slice(offset === 0 ? 0 : offset + 1, -1);
}
