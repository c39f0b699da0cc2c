import { unwrapMap } from "../properties";
import type { PropertyMap } from "../properties";
import type { CheckFailure, ConfigDiffResult } from "../provider";
import { readKubeConfig } from "./kubeconfig";

/** The provider's configuration, as far as it is offered. */
export interface Settings {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace?: string;
  readonly enableSecretMutable: boolean;
  readonly enableConfigMapMutable: boolean;
  readonly enablePatchForce: boolean;
  readonly upsertExistingObjects: boolean;
}

/** Reads the configuration. The engine sends what is no string as its JSON text. */
export function readSettings(config: PropertyMap): Settings {
  const plain = unwrapMap(config);
  const text = (key: string) => {
    const value = plain[key];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const flag = (key: string) => plain[key] === true || plain[key] === "true";
  return {
    kubeconfig: text("kubeconfig"),
    context: text("context"),
    namespace: text("namespace"),
    enableSecretMutable: flag("enableSecretMutable"),
    enableConfigMapMutable: flag("enableConfigMapMutable"),
    enablePatchForce: flag("enablePatchForce"),
    upsertExistingObjects: flag("upsertExistingObjects"),
  };
}

/** What is wrong with a configuration: a setting this plugin can't honour must not be passed over. */
export function findConfigProblems(config: PropertyMap): CheckFailure[] {
  const offered = [
    "kubeconfig",
    "context",
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

/**
 * What differs between two configurations. Another cluster replaces the provider, and with it all its resources.
 * `clusterIdentifier` says which one it is, where there is one; what the official plugin does where one is added
 * has not been recorded: here it replaces nothing.
 */
export function compareConfigs(olds: PropertyMap, news: PropertyMap): ConfigDiffResult {
  const [before, now] = [unwrapMap(olds), unwrapMap(news)];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  const changed = keys.filter(
    (key) => key !== "version" && JSON.stringify(before[key]) !== JSON.stringify(now[key]),
  );
  return { changed, replaces: leadsElsewhere(before, now, changed) ? changed : [] };
}

function leadsElsewhere(before: PropertyMap, now: PropertyMap, changed: string[]): boolean {
  if (now.clusterIdentifier !== undefined) {
    return (before.clusterIdentifier ?? now.clusterIdentifier) !== now.clusterIdentifier;
  }
  const moved = changed.some((key) => key === "kubeconfig" || key === "context");
  return moved && describeCluster(before) !== describeCluster(now);
}

/** The cluster a configuration leads to, so far as it can be read. */
function describeCluster(config: PropertyMap): string {
  try {
    const { server, tls } = readKubeConfig(readSettings(config));
    return JSON.stringify([server, tls.ca?.toString()]);
  } catch {
    return "";
  }
}
