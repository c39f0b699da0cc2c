import * as pulumi from "@pulumi/pulumi";

import type { CredentialRole } from "../registry/credentials";
import { computeFullName, findStackOutputs } from "./stackOutputs";

/** When the tokens end that this stack's last update left in use, as RFC 3339 times; those that are known. */
export async function findTokensInUse(): Promise<Partial<Record<CredentialRole, string>>> {
  const outputs = await findStackOutputs(computeFullName(pulumi.getStack()));
  const read = (name: string): string | undefined => {
    const value = outputs?.[name];
    return typeof value === "string" ? value : undefined;
  };
  return { push: read("pushTokenExpiresAt"), pull: read("pullTokenExpiresAt") };
}
