import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { parse } from "yaml";

import { at, listAt, objectAt, textAt } from "../json";
import { isObject } from "../properties";
import type { Json, JsonObject } from "../properties";

/** Which cluster to talk to, as the provider's configuration says it. */
export interface ClusterSettings {
  /** Content of a kubeconfig, or its path. Where there is none, `KUBECONFIG` counts, then the usual place. */
  readonly kubeconfig?: string;

  /** Context to use instead of the current one. */
  readonly context?: string;
}

/** What a kubeconfig's context says of how to reach a cluster. */
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

  /** Value of the header `authorization`; absent where a client certificate, or nothing, identifies. */
  readonly authorization?: string;
}

/** Ways to identify that need another program or service. */
const UNSUPPORTED = ["exec", "auth-provider"];

/**
 * Reads a kubeconfig. `@kubernetes/client-node` could, but brings ten times the code of the whole plugin, and a plugin
 * starts with every preview.
 */
export function readKubeConfig(settings: ClusterSettings): ClusterAccess {
  const { config, folder } = load(settings.kubeconfig);
  const contextName = settings.context ?? textAt(config, "current-context");
  const context = named(config, "contexts", "context", contextName);
  const cluster = named(config, "clusters", "cluster", textAt(context, "cluster"));
  const user = named(config, "users", "user", textAt(context, "user"));
  const unsupported = UNSUPPORTED.find((key) => user[key] !== undefined);
  if (textAt(cluster, "server") === "") {
    throw new Error(
      `\`kubeconfig\` has no cluster for its context "${contextName}". Set \`context\` to one that it has, or \`KUBECONFIG\` to another file.`,
    );
  }
  if (unsupported !== undefined) {
    throw new Error(
      `\`kubeconfig\` identifies its user by "${unsupported}", which the stand-in for pulumi-resource-kubernetes does not run. Use a client certificate or a token, or put the official plugin on PATH.`,
    );
  }
  const content = (object: JsonObject, key: string) => readContent(object, key, folder);
  return {
    server: textAt(cluster, "server").replace(/\/$/, ""),
    namespace: textAt(context, "namespace") || "default",
    tls: {
      ca: content(cluster, "certificate-authority"),
      cert: content(user, "client-certificate"),
      key: content(user, "client-key"),
      servername: textAt(cluster, "tls-server-name") || undefined,
      rejectUnauthorized: cluster["insecure-skip-tls-verify"] !== true,
    },
    authorization: readAuthorization(user, folder),
  };
}

function load(kubeconfig = ""): { config: Json; folder: string } {
  if (kubeconfig !== "" && !fs.existsSync(kubeconfig)) {
    const config = parse(kubeconfig) as Json;
    if (!isObject(config)) {
      throw new Error("`kubeconfig` is neither the path of a file nor the content of one.");
    }
    return { config, folder: process.cwd() };
  }
  const [fromEnvironment] = (process.env.KUBECONFIG ?? "")
    .split(path.delimiter)
    .filter(fs.existsSync);
  const file = kubeconfig || fromEnvironment || path.join(os.homedir(), ".kube", "config");
  if (!fs.existsSync(file)) {
    throw new Error(
      "There is no kubeconfig. Set `kubernetes:kubeconfig`, or `KUBECONFIG` to a file that exists.",
    );
  }
  return { config: parse(fs.readFileSync(file, "utf8")) as Json, folder: path.dirname(file) };
}

/** An entry of one of a kubeconfig's lists of named things. */
function named(config: Json, list: string, field: string, name: string): JsonObject {
  return objectAt(
    listAt(config, list).find((entry) => entry.name === name),
    field,
  );
}

/** What `<key>-data` holds in base64, or the file that `<key>` names, relative to the kubeconfig. */
function readContent(object: JsonObject, key: string, folder: string): Buffer | undefined {
  const data = textAt(object, `${key}-data`);
  const file = textAt(object, key);
  if (data !== "") {
    return Buffer.from(data, "base64");
  }
  return file === "" ? undefined : fs.readFileSync(path.resolve(folder, file));
}

function readAuthorization(user: JsonObject, folder: string): string | undefined {
  const file = textAt(user, "tokenFile");
  const token =
    textAt(user, "token") || (file && fs.readFileSync(path.resolve(folder, file), "utf8").trim());
  if (token !== "") {
    return `Bearer ${token}`;
  }
  const [name, password] = [at(user, "username"), at(user, "password")];
  return typeof name === "string" && typeof password === "string"
    ? `Basic ${Buffer.from(`${name}:${password}`).toString("base64")}`
    : undefined;
}
