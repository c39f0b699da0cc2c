import { readFileSync } from "node:fs";

import type { ProcessResult } from "../../../../cli/process/run";
import { ended, FakeIo } from "../../../support/cli";

/** An object in the fake namespace. */
export interface FakeObject {
  kind: string;
  metadata: {
    name: string;
    uid: string;
    resourceVersion: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    managedFields?: { manager: string }[];
    generation?: number;
  };
  spec?: object;
  status?: object;
  [key: string]: unknown;
}

interface Operation {
  readonly op: "add" | "replace" | "test";
  readonly path: string;
  readonly value: unknown;
}

/** Kinds as they are asked for, by kind. */
const plurals: Record<string, string> = {
  Deployment: "deployments.apps",
  StatefulSet: "statefulsets.apps",
  Service: "services",
  NetworkPolicy: "networkpolicies.networking.k8s.io",
  Ingress: "ingresses.networking.k8s.io",
  EndpointSlice: "endpointslices.discovery.k8s.io",
  Secret: "secrets",
  ServiceAccount: "serviceaccounts",
  Pod: "pods",
};

/** A terminal with a cluster of one namespace, whose objects are changed as the API server would change them. */
export class NamespaceIo extends FakeIo {
  public live: FakeObject[] = [];
  /** Changes that were made, a line each. */
  public readonly changes: string[] = [];
  /** Kinds that may not be read. */
  public forbidden = new Set<string>();
  /** Runs before each change. */
  public beforeChange: () => void = () => undefined;

  public override capture(program: string, args: readonly string[]): Promise<ProcessResult> {
    if (program !== "kubectl") return super.capture(program, args);
    if (args[0] === "get") return Promise.resolve(this.list(args[1].split(",")));
    this.beforeChange();
    return Promise.resolve(args[0] === "patch" ? this.patch(args) : this.remove(args));
  }

  /** An object of the namespace. */
  public find(kind: string, name: string): FakeObject | undefined {
    return this.live.find((object) => object.kind === kind && object.metadata.name === name);
  }

  private list(kinds: readonly string[]): ProcessResult {
    const denied = kinds.find((kind) => this.forbidden.has(kind));
    if (denied !== undefined) {
      return ended(1, "", `Error from server (Forbidden): ${denied} is forbidden\n`);
    }
    const items = this.live.filter(({ kind }) => kinds.includes(plurals[kind]));
    return ended(0, JSON.stringify({ items }));
  }

  private patch([, kind, name, ...options]: readonly string[]): ProcessResult {
    const object = this.live.find(
      (other) => other.kind.toLowerCase() === kind && other.metadata.name === name,
    );
    if (object === undefined) return ended(1, "", "Error from server (NotFound)\n");
    const operations = JSON.parse(options[options.indexOf("--patch") + 1]) as Operation[];
    const copy = structuredClone(object);
    for (const { op, path, value } of operations) {
      const keys = path.slice(1).split("/");
      const parent = keys
        .slice(0, -1)
        .reduce((at: unknown, key) => (at as Record<string, unknown>)[key], copy);
      const last = keys[keys.length - 1];
      const fields = parent as Record<string, unknown>;
      if (op !== "test") fields[last] = value;
      else if (fields[last] !== value) {
        return ended(
          1,
          "",
          "The request is invalid: the server rejected our request: testing value failed\n",
        );
      }
    }
    copy.metadata.resourceVersion += "1";
    this.live[this.live.indexOf(object)] = copy;
    this.changes.push(`patch ${object.kind} ${name}`);
    return ended(0);
  }

  private remove(args: readonly string[]): ProcessResult {
    const [kind, name] = args[2].split("/").slice(-2);
    const file = args[args.indexOf("--filename") + 1];
    const { preconditions } = JSON.parse(readFileSync(file, "utf8")) as {
      preconditions: { uid: string; resourceVersion: string };
    };
    const object = this.live.find(
      (other) => `${other.kind.toLowerCase()}s` === kind && other.metadata.name === name,
    );
    const isSame =
      object?.metadata.uid === preconditions.uid &&
      object.metadata.resourceVersion === preconditions.resourceVersion;
    if (!isSame) return ended(1, "", "Error from server (Conflict): the UID in the precondition\n");
    this.live = this.live.filter((other) => other !== object);
    this.changes.push(`delete ${object.kind} ${name}`);
    return ended(0);
  }
}

let serial = 0;

/** Creates an object. */
export function object(
  kind: string,
  name: string,
  rest: Omit<FakeObject, "kind" | "metadata"> & { metadata?: object } = {},
): FakeObject {
  serial += 1;
  const { metadata, ...others } = rest;
  return {
    kind,
    metadata: { name, uid: `uid-${serial}`, resourceVersion: `${serial}`, ...metadata },
    ...others,
  };
}

/** Creates a Deployment whose pods are ready. */
export function deployment(name: string, labels: Record<string, string>, secret?: string) {
  const imagePullSecrets = secret === undefined ? [] : [{ name: secret }];
  return object("Deployment", name, {
    metadata: { generation: 2 },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { imagePullSecrets } },
    },
    status: { observedGeneration: 2, updatedReplicas: 1, readyReplicas: 1 },
  });
}

/** Creates a Service. */
export function service(name: string, selector: Record<string, string>, ports: object[]) {
  return object("Service", name, { spec: { clusterIP: "10.0.0.1", selector, ports } });
}

/** Creates the list of the pods that a Service leads to. */
export function endpoints(of: string, ...addresses: string[]) {
  return object("EndpointSlice", `${of}-abc`, {
    metadata: { labels: { "kubernetes.io/service-name": of } },
    endpoints: [{ addresses, conditions: { ready: true } }],
  });
}
