import { describeCause } from "../cause";
import { Client } from "./client";
import { readKubeConfig } from "./kubeconfig";
import type { ClusterAccess, ClusterSettings } from "./kubeconfig";

/** The cluster is out of reach, or the kubeconfig leads to none. */
export class UnreachableError extends Error {
  override readonly name = "UnreachableError";

  constructor(cause: unknown) {
    super(`configured Kubernetes cluster is unreachable: ${describeCause(cause)}`, { cause });
  }
}

/** A cluster whose kubeconfig is read, and whose API server is asked whether it is there, when it is first needed. */
export class Cluster {
  private access: ClusterAccess | undefined;
  private reached: Promise<Client> | undefined;

  constructor(private readonly settings: ClusterSettings) {}

  /** Namespace that the kubeconfig's context names, which says nothing of whether the cluster is there. */
  get namespace(): string {
    try {
      return this.read().namespace;
    } catch {
      return "default";
    }
  }

  /** The cluster's client; {@link UnreachableError} where it can't be reached. */
  client(): Promise<Client> {
    this.reached ??= this.reach().catch((error: unknown) => {
      throw new UnreachableError(error);
    });
    return this.reached;
  }

  private async reach(): Promise<Client> {
    const client = new Client(this.read());
    await client.call("GET", "/version");
    return client;
  }

  private read(): ClusterAccess {
    this.access ??= readKubeConfig(this.settings);
    return this.access;
  }
}
