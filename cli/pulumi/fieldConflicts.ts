/**
 * Finds the remedy if another program has set fields of a Kubernetes object that the update sets too.
 *
 * @param message an error of the update
 * @param stack name of the stack
 * @returns undefined if the error is another one
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts
 */
export function findConflictRemedy(message: string, stack: string): string | undefined {
  if (!/apply conflict|field conflict detected/i.test(message)) return undefined;
  return `Another program has set fields that this update sets too; the error names both. To take over the fields, run this once:\n    PULUMI_K8S_ENABLE_PATCH_FORCE=true npx slipway up ${stack}`;
}
