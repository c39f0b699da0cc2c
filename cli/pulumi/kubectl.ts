import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { UserError } from "../errors";
import type { CommandContext } from "../io";
import type { Pulumi } from "./pulumiCli";

/** The stack whose cluster to use. */
export interface ClusterArgs {
  /** Folder of Pulumi.yaml. */
  readonly cwd: string;
  readonly stack: string;
  /** The stack's configuration by key with its namespace; empty if it is a secret. */
  readonly values: Readonly<Record<string, string>>;
}

/** The parts of an object in the cluster that are used here. */
export interface LiveObject {
  readonly metadata: {
    /** In RFC 3339, in whole seconds. */
    readonly creationTimestamp?: string;
    readonly deletionTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly managedFields?: readonly {
      readonly manager?: string;
      readonly subresource?: string;
    }[];
  };
}

/** Identifies an object in a cluster. */
export interface ObjectName {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** Undefined for kinds without a namespace. */
  readonly namespace: string | undefined;
}

/** Reads objects of one cluster. */
export type ReadObject = (object: ObjectName) => Promise<LiveObject | undefined>;

/** How kubectl reaches a stack's cluster. */
export interface ClusterAccess {
  /** Options for every call of kubectl. */
  readonly options: readonly string[];
  /** Removes the file that a configured kubeconfig was written to. */
  readonly close: () => void;
}

/**
 * Finds out how kubectl reaches the stack's cluster: with the same kubeconfig and context as the program, including the
 * ones of the configuration (`kubernetes:kubeconfig`, `kubernetes:context`).
 */
export async function openCluster(
  { cwd, stack, values }: ClusterArgs,
  pulumi: Pick<Pulumi, "readSecret">,
): Promise<ClusterAccess> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-cluster-"));
  const close = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const kubeconfig = await readKubeconfig();
    const context = values["kubernetes:context"];
    const options = [
      ...(kubeconfig ? ["--kubeconfig", kubeconfig] : []),
      ...(context ? ["--context", context] : []),
    ];
    return { options, close };
  } catch (error) {
    close();
    throw error;
  }

  /** The configured file, or a new file with the configured text. */
  async function readKubeconfig(): Promise<string | undefined> {
    const key = "kubernetes:kubeconfig";
    if (values[key] === undefined) return undefined;
    const value = values[key] || (await pulumi.readSecret(stack, key));
    const file = resolve(cwd, value);
    if (!value.includes("\n") && existsSync(file)) return file;
    const written = join(folder, "kubeconfig");
    writeFileSync(written, value, { mode: 0o600 });
    return written;
  }
}

/**
 * Gives access to the objects of the stack's cluster.
 *
 * @param use receives a function that reads an object and returns undefined if there is none. It throws a
 *   UserError if the cluster does not answer.
 */
export async function withCluster<T>(
  cluster: ClusterArgs,
  pulumi: Pick<Pulumi, "readSecret">,
  io: Pick<CommandContext, "capture">,
  use: (read: ReadObject) => Promise<T>,
): Promise<T> {
  const { close, options } = await openCluster(cluster, pulumi);
  try {
    return await use((object) => readObject(object, options, cluster.cwd, io));
  } finally {
    close();
  }
}

async function readObject(
  { apiVersion, kind, name, namespace }: ObjectName,
  options: readonly string[],
  cwd: string,
  io: Pick<CommandContext, "capture">,
): Promise<LiveObject | undefined> {
  // With version and group, since other groups have kinds of the same name. The core group's name is empty.
  const [version, group] = apiVersion.includes("/")
    ? apiVersion.split("/").reverse()
    : [apiVersion, ""];
  const args = [
    ...["get", `${kind}.${version}.${group}`, name],
    ...(namespace === undefined ? [] : ["--namespace", namespace]),
    ...options,
    ...["--ignore-not-found", "--output", "json", "--show-managed-fields"],
  ];
  const { code, stderr, stdout } = await io.capture("kubectl", args, cwd);
  if (code !== 0) {
    throw new UserError(
      `Slipway can't read from the stack's cluster what a killed update created:\n  ${stderr.trim().replaceAll("\n", "\n  ")}\nCheck \`KUBECONFIG\`, or \`kubernetes:kubeconfig\` and \`kubernetes:context\` of the stack, and run this again. Nothing was changed.`,
    );
  }
  return stdout.trim() === "" ? undefined : (JSON.parse(stdout) as LiveObject);
}
