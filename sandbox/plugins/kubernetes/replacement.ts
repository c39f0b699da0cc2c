import { at } from "../json";
import { isObject } from "../properties";
import type { Json, JsonObject } from "../properties";
import { kindOf } from "./object";

const SELECTOR = [["spec", "selector"]];

/** Fields that can't change in place, by `group/kind`. */
const IMMUTABLE: Record<string, readonly (readonly string[])[]> = {
  "apps/Deployment": SELECTOR,
  "apps/DaemonSet": SELECTOR,
  "apps/StatefulSet": [
    ...SELECTOR,
    ["spec", "podManagementPolicy"],
    ["spec", "revisionHistoryLimit"],
    ["spec", "serviceName"],
    ["spec", "volumeClaimTemplates"],
  ],
  "batch/Job": [
    ...SELECTOR,
    ["spec", "completions"],
    ["spec", "parallelism"],
    ["spec", "template"],
  ],
  "/PersistentVolumeClaim": [["spec"]],
  "/Pod": [["spec"]],
  "/ResourceQuota": [["spec", "scopes"]],
  "/Service": [["spec", "clusterIP"]],
  "rbac.authorization.k8s.io/ClusterRoleBinding": [["roleRef"]],
  "rbac.authorization.k8s.io/RoleBinding": [["roleRef"]],
  "storage.k8s.io/StorageClass": [["parameters"], ["provisioner"]],
};

/** Provider settings that allow a Secret's or ConfigMap's data to change in place. */
export interface Mutability {
  readonly secrets: boolean;
  readonly configMaps: boolean;
}

/** Paths in an object; a change of one of them replaces the object. */
export function replacingPaths(
  object: JsonObject,
  mutable: Mutability,
): readonly (readonly string[])[] {
  const { group, kind } = kindOf(object);
  const frozen = object.immutable === true;
  const paths = [
    ["metadata", "name"],
    ["metadata", "namespace"],
    ...(IMMUTABLE[`${group}/${kind}`] ?? []),
  ];
  if (group === "" && kind === "Secret") {
    paths.push(["type"], ...(mutable.secrets && !frozen ? [] : [["data"], ["stringData"]]));
  }
  if (group === "" && kind === "ConfigMap" && (!mutable.configMaps || frozen)) {
    paths.push(["data"], ["binaryData"]);
  }
  return paths;
}

/** Whether a changed path is one of the given paths, or is above or below one. */
export function touches(
  paths: readonly (readonly string[])[],
  path: readonly (string | number)[],
  value: Json | undefined,
): boolean {
  return paths.some((candidate) => {
    const common = Math.min(candidate.length, path.length);
    if (!candidate.slice(0, common).every((key, index) => key === path[index])) {
      return false;
    }
    const rest = candidate.slice(common);
    return rest.length === 0 || (isObject(value) && at(value, ...rest) !== undefined);
  });
}
