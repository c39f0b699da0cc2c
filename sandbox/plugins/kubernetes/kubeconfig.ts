import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { parse } from "yaml";

import { listAt, objectAt, textAt } from "../json";
import { isObject } from "../properties";
import type { Json, JsonObject } from "../properties";

/** The cluster that the provider's configuration selects. */
export interface ClusterSettings {
  /** Content of a kubeconfig, or its path. Default: the files of `KUBECONFIG`, else `~/.kube/config`. */
  readonly kubeconfig?: string;

  /** Context to use instead of the current one. */
  readonly context?: string;

  /** Cluster to use instead of the context's. */
  readonly cluster?: string;
}

/** Keys of a kubeconfig that contain paths of files. */
const FILE_KEYS: Record<string, readonly [entry: string, keys: readonly string[]]> = {
  clusters: ["cluster", ["certificate-authority"]],
  users: ["user", ["client-certificate", "client-key", "tokenFile"]],
};

/**
 * Parses the provider's `kubeconfig`, a path or the content itself. Relative paths in it stay relative to the working
 * directory, even if it was read from a file. A path that doesn't exist is parsed as content. The error then has the
 * official plugin's wording, which the engine recognizes: it only reports a changed provider.
 */
export function parseKubeconfig(pathOrContent: string): JsonObject {
  const file = pathOrContent.replace(/^~(?=$|\/)/, os.homedir());
  const config = parse(fs.existsSync(file) ? fs.readFileSync(file, "utf8") : pathOrContent) as Json;
  if (config !== null && !isObject(config)) {
    const type = Array.isArray(config) ? "array" : typeof config;
    throw new Error(
      `couldn't get version/kind; json parse error: json: cannot unmarshal ${type} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
    );
  }
  return config ?? {};
}

/**
 * Merges the files of `KUBECONFIG`, or reads `~/.kube/config`. The first file that sets a value counts, and relative
 * paths are relative to their own file.
 *
 * @see https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/
 */
export function loadDefaultKubeconfig(): JsonObject {
  const named = (process.env.KUBECONFIG ?? "").split(path.delimiter).filter(Boolean);
  const files = named.length > 0 ? named : [path.join(os.homedir(), ".kube", "config")];
  return files
    .filter((file) => fs.existsSync(file))
    .map((file) => resolveFiles(parseKubeconfig(file), path.dirname(file)))
    .reduceRight<JsonObject>(
      (later, earlier) => ({
        ...later,
        ...earlier,
        "current-context": textAt(earlier, "current-context") || textAt(later, "current-context"),
        clusters: [...listAt(earlier, "clusters"), ...listAt(later, "clusters")],
        users: [...listAt(earlier, "users"), ...listAt(later, "users")],
        contexts: [...listAt(earlier, "contexts"), ...listAt(later, "contexts")],
      }),
      {},
    );
}

/** Returns the entry of one of a kubeconfig's lists of named things; `undefined` if there is none. */
export function findEntry(
  config: JsonObject,
  list: "clusters" | "contexts" | "users",
  name: string,
): JsonObject | undefined {
  const entry = listAt(config, list).find((candidate) => candidate.name === name);
  return entry && objectAt(entry, list.replace(/s$/, ""));
}

/** Returns a kubeconfig's cluster after the given overrides; `undefined` if there is none. */
export function findActiveCluster(
  config: JsonObject,
  overrides: Pick<ClusterSettings, "context" | "cluster">,
): JsonObject | undefined {
  const name = overrides.context ?? textAt(config, "current-context");
  const context = findEntry(config, "contexts", name);
  return context && findEntry(config, "clusters", overrides.cluster ?? textAt(context, "cluster"));
}

function resolveFiles(config: JsonObject, folder: string): JsonObject {
  const resolved = Object.entries(FILE_KEYS).map(([list, [field, keys]]) => [
    list,
    listAt(config, list).map((entry) => {
      const value = objectAt(entry, field);
      const files = keys
        .filter((key) => textAt(value, key) !== "")
        .map((key) => [key, path.resolve(folder, textAt(value, key))]);
      return { ...entry, [field]: { ...value, ...(Object.fromEntries(files) as JsonObject) } };
    }),
  ]);
  return { ...config, ...(Object.fromEntries(resolved) as JsonObject) };
}
