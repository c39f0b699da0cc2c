import * as fs from "node:fs";

import { at, listAt, textAt } from "../json";
import type { JsonObject } from "../properties";
import { findActiveCluster, findEntry } from "./kubeconfig";
import type { ClusterSettings } from "./kubeconfig";

/** How to reach the cluster of a kubeconfig's context. */
export interface ClusterAccess {
  readonly server: string;
  readonly namespace: string;
  readonly tls: {
    readonly ca?: Buffer;
    readonly cert?: Buffer;
    readonly key?: Buffer;
    readonly servername?: string;
    readonly rejectUnauthorized: boolean;
  };

  /** Value of the header `authorization`; absent if a client certificate, or nothing, authenticates. */
  readonly authorization?: string;
}

/** Ways to authenticate and to connect that this plugin does not support. */
const UNSUPPORTED = ["exec", "auth-provider", "as", "as-uid", "as-groups", "as-user-extra"];
const UNSUPPORTED_CLUSTER = ["proxy-url"];

/**
 * Reads how to reach the cluster. `@kubernetes/client-node` could do it, but it has ten times the code of the whole
 * plugin, and a plugin starts with every preview.
 */
export function readClusterAccess(config: JsonObject, settings: ClusterSettings): ClusterAccess {
  if (listAt(config, "clusters").length === 0) {
    throw new Error(
      "There is no kubeconfig. Set `kubernetes:kubeconfig`, or `KUBECONFIG` to a file that exists.",
    );
  }
  const contextName = settings.context ?? textAt(config, "current-context");
  const context = findEntry(config, "contexts", contextName) ?? {};
  const cluster = findActiveCluster(config, settings) ?? {};
  const user = findEntry(config, "users", textAt(context, "user")) ?? {};
  if (textAt(cluster, "server") === "") {
    throw new Error(
      `\`kubeconfig\` has no cluster for its context "${contextName}". Set \`context\` to one that it has, or \`KUBECONFIG\` to another file.`,
    );
  }
  refuse(user, UNSUPPORTED, "identifies its user by");
  refuse(cluster, UNSUPPORTED_CLUSTER, "reaches its cluster by");
  return {
    server: textAt(cluster, "server").replace(/\/$/, ""),
    namespace: textAt(context, "namespace") || "default",
    tls: {
      ca: readContent(cluster, "certificate-authority"),
      cert: readContent(user, "client-certificate"),
      key: readContent(user, "client-key"),
      servername: textAt(cluster, "tls-server-name") || undefined,
      rejectUnauthorized: cluster["insecure-skip-tls-verify"] !== true,
    },
    authorization: readAuthorization(user),
  };
}

function refuse(entry: JsonObject, keys: readonly string[], does: string): void {
  const found = keys.find((key) => entry[key] !== undefined);
  if (found !== undefined) {
    throw new Error(
      `\`kubeconfig\` ${does} "${found}", which the stand-in for pulumi-resource-kubernetes does not support. Use a client certificate or a token, or put the official plugin on PATH.`,
    );
  }
}

/** Returns the content of `<key>-data`, which is base64, or of the file that `<key>` names. */
function readContent(object: JsonObject, key: string): Buffer | undefined {
  const data = textAt(object, `${key}-data`);
  const file = textAt(object, key);
  if (data !== "") {
    return Buffer.from(data, "base64");
  }
  return file === "" ? undefined : fs.readFileSync(file);
}

function readAuthorization(user: JsonObject): string | undefined {
  const file = textAt(user, "tokenFile");
  const token = textAt(user, "token") || (file && fs.readFileSync(file, "utf8").trim());
  if (token !== "") {
    return `Bearer ${token}`;
  }
  const [name, password] = [at(user, "username"), at(user, "password")];
  return typeof name === "string" && typeof password === "string"
    ? `Basic ${Buffer.from(`${name}:${password}`).toString("base64")}`
    : undefined;
}
