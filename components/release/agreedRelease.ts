import * as pulumi from "@pulumi/pulumi";

import { agreedDigestVariable } from "./release";

/**
 * Checks that what is about to be deployed is what was agreed to.
 *
 * @param digest of the release that the stack would run; undefined if it builds its own
 * @param from stack that the release is taken from; undefined if the stack's own configuration names the digest
 * @throws pulumi.RunError if it is another release
 */
export function checkAgreedRelease(
  stack: string,
  digest: string | undefined,
  from: string | undefined,
  env: NodeJS.ProcessEnv = process.env,
): void {
  const agreed = env[agreedDigestVariable] ?? "";
  if (agreed === "" || agreed === digest) return;
  throw new pulumi.RunError(
    `${describeOther(stack, digest, from)}, but ${agreed} was agreed to (\`${agreedDigestVariable}\`). Nothing was changed. Look again at what would be deployed, and agree to that:\n    ${from === undefined ? `pulumi preview --stack ${stack}` : `npx slipway promote ${from} ${stack}`}`,
  );
}

function describeOther(
  stack: string,
  digest: string | undefined,
  from: string | undefined,
): string {
  if (digest === undefined) return `\`${stack}\` builds its own release`;
  return from === undefined
    ? `\`${stack}\` is pinned to ${digest}`
    : `\`${from}\` runs ${digest} by now`;
}
