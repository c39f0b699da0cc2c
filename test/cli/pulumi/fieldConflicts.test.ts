import { findConflictRemedy } from "../../../cli/pulumi/fieldConflicts";

// The official plugin's words: 4.32, source of July 2026.
const conflict = `1 error occurred:
	* the Kubernetes API server reported that "gatsby-site-dev/gatsby-site" failed to fully initialize or become live: server-side apply field conflict detected, see https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/#handle-field-conflicts-on-existing-resources for troubleshooting help
    The resource managed by field manager "pulumi-kubernetes-ef15630e" had an apply conflict: Apply failed with 1 conflict: conflict with "kubectl" with subresource "scale" using apps/v1: .spec.replicas`;

describe("findConflictRemedy", () => {
  it("takes the fields over, once", () => {
    expect(findConflictRemedy(conflict, "dev")).toBe(
      "Another program has set fields that this update sets too; the error names both. To take over the fields, run this once:\n    PULUMI_K8S_ENABLE_PATCH_FORCE=true npx slipway up dev",
    );
  });

  it.each([
    'Operation cannot be fulfilled on deployments.apps "gatsby-site": the object has been modified',
    "409 Conflict",
    "update failed",
  ])("says nothing of %s", (message) => {
    expect(findConflictRemedy(message, "dev")).toBeUndefined();
  });
});
