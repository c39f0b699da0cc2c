import * as pulumi from "@pulumi/pulumi";

declare module "@pulumi/pulumi/runtime/config" {
  /** The SDK has it, but marks it as internal. */
  export function isConfigSecret(key: string): boolean;
}

/** Whether a key, `namespace:key`, is stored as a secret. */
export function isConfigSecret(key: string): boolean {
  return pulumi.runtime.isConfigSecret(key);
}
