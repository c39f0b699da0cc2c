import { join } from "node:path";

import { stringify } from "yaml";

import { writeIfChanged } from "../host/configFile";
import type { Instance } from "../host/instance";
import { run } from "../host/run";
import type { ClusterCredentials } from "./clusterCredentials";

/**
 * Creates or changes objects of the cluster.
 *
 * @param name name of the file with the objects, `<name>.yaml` in the instance's folder
 */
export async function applyObjects(
  instance: Instance,
  { kubeconfigs }: ClusterCredentials,
  kubectl: string,
  name: string,
  objects: readonly object[],
): Promise<void> {
  const file = writeIfChanged(
    join(instance.root, `${name}.yaml`),
    objects.map((object) => stringify(object)).join("---\n"),
  );
  await run(kubectl, ["apply", "--kubeconfig", kubeconfigs.admin, "--filename", file]);
}

const rbacGroup = "rbac.authorization.k8s.io";

/** One rule of a role. */
export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** Returns a ClusterRole and its binding to a user, both of that user's name. */
export function renderRole(user: string, rules: readonly Rule[]): object[] {
  const metadata = { name: user };
  return [
    { apiVersion: `${rbacGroup}/v1`, kind: "ClusterRole", metadata, rules },
    renderBinding(user, user, { kind: "ClusterRole", name: user }),
  ];
}

/**
 * Returns a binding of a role to a user.
 *
 * @param namespace namespace in which the role is given; default: the whole cluster
 */
export function renderBinding(
  name: string,
  user: string,
  role: { readonly kind: "ClusterRole" | "Role"; readonly name: string },
  namespace?: string,
): object {
  return {
    apiVersion: `${rbacGroup}/v1`,
    kind: namespace === undefined ? "ClusterRoleBinding" : "RoleBinding",
    metadata: { name, ...(namespace !== undefined && { namespace }) },
    roleRef: { apiGroup: rbacGroup, ...role },
    subjects: [{ apiGroup: rbacGroup, kind: "User", name: user }],
  };
}
