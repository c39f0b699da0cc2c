import { isDeepStrictEqual } from "node:util";

import { describeCause } from "../cause";
import { isMap, Unknown, unwrapMap } from "../properties";
import type { PropertyMap } from "../properties";
import type { CheckFailure, ConfigDiffResult } from "../provider";
import { findActiveCluster, parseKubeconfig } from "./kubeconfig";
import type { ClusterSettings } from "./kubeconfig";

/** The supported part of the provider's configuration. */
export interface Settings extends ClusterSettings {
  readonly namespace?: string;
  readonly enableSecretMutable: boolean;
  readonly enableConfigMapMutable: boolean;
  readonly enablePatchForce: boolean;
  readonly upsertExistingObjects: boolean;
}

/** Settings that an environment variable sets if the configuration does not. */
const SWITCHES = {
  enableSecretMutable: "PULUMI_K8S_ENABLE_SECRET_MUTABLE",
  enableConfigMapMutable: "PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE",
  enablePatchForce: "PULUMI_K8S_ENABLE_PATCH_FORCE",
  upsertExistingObjects: "PULUMI_K8S_UPSERT_EXISTING_OBJECTS",
} as const;

/** Reads the configuration. The engine sends a value that is not a string as its JSON text. */
export function readSettings(config: PropertyMap): Settings {
  const plain = unwrapMap(config);
  const text = (key: string) => {
    const value = plain[key];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const flag = (key: keyof typeof SWITCHES) =>
    [true, "true"].includes((plain[key] ?? process.env[SWITCHES[key]]) as string | boolean);
  const { kubeconfig } = plain;
  return {
    kubeconfig: isMap(kubeconfig) ? JSON.stringify(kubeconfig) : text("kubeconfig"),
    context: text("context"),
    cluster: text("cluster"),
    namespace: text("namespace"),
    enableSecretMutable: flag("enableSecretMutable"),
    enableConfigMapMutable: flag("enableConfigMapMutable"),
    enablePatchForce: flag("enablePatchForce"),
    upsertExistingObjects: flag("upsertExistingObjects"),
  };
}

/** Returns the problems of a configuration. An unsupported setting is one, because ignoring it would be wrong. */
export function findConfigProblems(config: PropertyMap): CheckFailure[] {
  const offered = [
    "kubeconfig",
    "context",
    "cluster",
    "clusterIdentifier",
    "namespace",
    "enableSecretMutable",
    "enableConfigMapMutable",
    "enablePatchForce",
    "upsertExistingObjects",
    "enableServerSideApply",
    "version",
    "pluginDownloadURL",
  ];
  const unknown = Object.keys(config)
    .filter((key) => !offered.includes(key) && !key.startsWith("__"))
    .map((property) => ({
      property,
      reason: `\`${property}\` is not offered by the stand-in for pulumi-resource-kubernetes. Leave it out, or put the official plugin on PATH.`,
    }));
  const apply = config.enableServerSideApply;
  return apply === false || apply === "false"
    ? [
        ...unknown,
        {
          property: "enableServerSideApply",
          reason:
            "`enableServerSideApply` is false, but the stand-in for pulumi-resource-kubernetes knows server-side apply only. Leave it out, or put the official plugin on PATH.",
        },
      ]
    : unknown;
}

/** Settings that together choose the cluster. */
const CLUSTER_KEYS = ["kubeconfig", "context", "cluster"] as const;

/**
 * Compares two configurations. Another cluster replaces the provider and all its resources. If both have a
 * `clusterIdentifier`, only that decides if the cluster is another one; otherwise the clusters of the kubeconfigs are
 * compared.
 *
 * @throws if a kubeconfig can't be parsed, such as a path of another machine. The engine then reports the changed
 * settings, and replaces nothing.
 */
export function compareConfigs(olds: PropertyMap, news: PropertyMap): ConfigDiffResult {
  const [before, now] = [unwrapMap(olds), unwrapMap(news)];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  const changed = keys.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(now[key]));
  if (changed.length === 0) {
    return { changed, replaces: [] };
  }
  const [oldIdentifier, identifier] = [before.clusterIdentifier, now.clusterIdentifier];
  const isSameCluster = identifier !== undefined && identifier === oldIdentifier;
  const renamed =
    oldIdentifier !== undefined && identifier !== undefined && !isSameCluster
      ? ["clusterIdentifier"]
      : [];
  const unknown = CLUSTER_KEYS.find((key) => now[key] instanceof Unknown);
  if (unknown !== undefined) {
    return { changed: [unknown], replaces: isSameCluster ? [] : [...renamed, unknown] };
  }
  const moved = leadsElsewhere(before, now) ? CLUSTER_KEYS.filter((k) => changed.includes(k)) : [];
  return { changed, replaces: isSameCluster ? [] : [...renamed, ...moved] };
}

function leadsElsewhere(before: PropertyMap, now: PropertyMap): boolean {
  const [old, current] = [before, now].map((config) => {
    const { kubeconfig = "", ...overrides } = readSettings(config);
    try {
      return findActiveCluster(parseKubeconfig(kubeconfig), overrides);
    } catch (error) {
      throw new Error(`failed to parse kubeconfig: ${describeCause(error)}`, { cause: error });
    }
  });
  return old !== undefined && current !== undefined && !isDeepStrictEqual(old, current);
}
