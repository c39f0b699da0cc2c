import { readFileSync } from "node:fs";

import { Agent, request } from "undici";
import { parse } from "yaml";

import { inSandbox } from "./checkout";

/** Client of the sandbox's Kubernetes, which needs no program for each request. */
export interface TestCluster {
  /** Calls the API; throws if the status is not the expected one. */
  api<T>(method: "GET" | "POST" | "DELETE", path: string, json?: object): Promise<T>;
  close(): Promise<void>;
}

interface Kubeconfig {
  readonly clusters: { cluster: Record<string, string> }[];
  readonly users: { user: Record<string, string> }[];
}

/** Connects to the cluster of the tests' shared sandbox, as its administrator. */
export async function connectCluster(): Promise<TestCluster> {
  const file = (await inSandbox('printf %s "$KUBECONFIG"')).trim();
  const { clusters, users } = parse(readFileSync(file, "utf8")) as Kubeconfig;
  const [{ cluster }, { user }] = [clusters[0], users[0]];
  const dispatcher = new Agent({
    connect: {
      ca: readField(cluster, "certificate-authority"),
      cert: readField(user, "client-certificate"),
      key: readField(user, "client-key"),
    },
  });
  return {
    api: async (method, path, json) => {
      const { body, statusCode } = await request(`${cluster.server}${path}`, {
        dispatcher,
        method,
        headers: json && { "content-type": "application/json" },
        body: json && JSON.stringify(json),
      });
      const text = await body.text();
      if (statusCode >= 400) throw new Error(`${method} ${path}: ${statusCode} ${text}`);
      return JSON.parse(text) as never;
    },
    close: () => dispatcher.close(),
  };
}

/** Reads a field of a kubeconfig, which is the content or the path of a file. */
function readField(fields: Record<string, string>, name: string): Buffer {
  const data = fields[`${name}-data`];
  return data === undefined ? readFileSync(fields[name]) : Buffer.from(data, "base64");
}
