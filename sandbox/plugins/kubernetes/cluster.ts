import { describeCause } from "../cause";
import type { JsonObject } from "../properties";
import { Client } from "./client";
import { readClusterAccess } from "./clusterAccess";
import type { ClusterAccess } from "./clusterAccess";
import { loadDefaultKubeconfig, parseKubeconfig } from "./kubeconfig";
import type { ClusterSettings } from "./kubeconfig";

/** The cluster can't be reached, or the kubeconfig names none. */
export class UnreachableError extends Error {
  override readonly name = "UnreachableError";

  constructor(reason: string, cause: unknown) {
    super(`configured Kubernetes cluster is unreachable: ${reason}${describeCause(cause)}`, {
      cause,
    });
  }
}

/** The official plugin's words before the cause, by the step that failed. */
const REASONS = {
  parse: "failed to parse kubeconfig data in `kubernetes:config:kubeconfig`- ",
  load: "unable to load Kubernetes client configuration from kubeconfig file. Make sure you have: \n\n \t • set up the provider as per https://www.pulumi.com/registry/packages/kubernetes/installation-configuration/ \n\n ",
  reach: "unable to load schema information from the API server: ",
} as const;

/** A cluster. The first use reads its kubeconfig and checks that the API server can be reached. */
export class Cluster {
  private access: ClusterAccess | undefined;
  private reached: Promise<Client> | undefined;

  constructor(private readonly settings: ClusterSettings) {}

  /** Namespace of the kubeconfig's context, even if the cluster can't be reached. */
  get namespace(): string {
    try {
      return this.read().namespace;
    } catch {
      return "default";
    }
  }

  /** Returns the cluster's client; throws {@link UnreachableError} if it can't be reached. */
  client(): Promise<Client> {
    this.reached ??= this.reach();
    return this.reached;
  }

  private async reach(): Promise<Client> {
    const client = new Client(this.read());
    try {
      await client.call("GET", "/version");
    } catch (error) {
      throw new UnreachableError(REASONS.reach, error);
    }
    return client;
  }

  private read(): ClusterAccess {
    this.access ??= step("load", () => readClusterAccess(this.load(), this.settings));
    return this.access;
  }

  private load(): JsonObject {
    const { kubeconfig = "" } = this.settings;
    return kubeconfig === ""
      ? loadDefaultKubeconfig()
      : step("parse", () => parseKubeconfig(kubeconfig));
  }
}

function step<T>(name: keyof typeof REASONS, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw error instanceof UnreachableError ? error : new UnreachableError(REASONS[name], error);
  }
}
