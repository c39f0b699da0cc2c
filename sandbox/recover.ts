import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";

import pWaitFor from "p-wait-for";

import { repository, type Instance } from "./instance";
import { pulumiFolders } from "./environment";
import { isRunning } from "./processes";
import { run } from "./run";
import { deleteDeployTokens } from "./services/gitlab";
import { ensureTrust } from "./trust";

/** A stack as Pulumi's own backends name it. */
export const organization = "organization";
/** Name in Pulumi.yaml. */
export const project = "gatsby-site";

/** How to call a program in the sandbox's environment. */
export interface Caller {
  readonly instance: Instance;
  readonly stack: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Runs the CLI in the project, or in another folder, and gives what it printed. */
export function askPulumi(
  { environment }: Caller,
  args: readonly string[],
  cwd = repository,
): Promise<string> {
  return run("pulumi", args, { cwd, env: { ...process.env, ...environment } });
}

interface Lock {
  readonly pid: number;
  readonly hostname: string;
  readonly username: string;
}

/**
 * Removes the locks of updates that were killed. A lock stays when it is another machine's, or when its
 * process lives: then an update runs, and the error says so.
 */
export async function breakDeadLocks({ instance, stack }: Caller): Promise<void> {
  const { backend } = pulumiFolders(instance);
  const folder = join(backend, ".pulumi", "locks", organization, project, stack);
  if (!existsSync(folder)) return;

  const locks = readdirSync(folder).filter((name) => name.endsWith(".json"));
  for (const lock of locks.map((name) => readLock(join(folder, name)))) {
    if (lock !== undefined && !(await isDead(lock))) {
      throw new Error(
        `Stack \`${stack}\` is locked by \`pulumi\`, process ${lock.pid} of ${lock.username} on ${lock.hostname}. Wait for it to end, or end it, and run \`make up\` again.`,
      );
    }
  }
  // Beside each lock is a file of its attributes.
  rmSync(folder, { recursive: true });
}

/** A lock that was cut off while it was written belongs to a process that lives no more. */
function readLock(file: string): Lock | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Lock;
  } catch {
    return undefined;
  }
}

/** Whether the lock is this machine's and its process gone; one that was just killed takes a moment. */
async function isDead(lock: Lock): Promise<boolean> {
  if (lock.hostname !== hostname()) return false;
  const isGone = (): boolean => !isRunning(lock.pid) || !isPulumi(lock.pid);
  try {
    await pWaitFor(isGone, { interval: 50, timeout: 2000 });
    return true;
  } catch {
    return false;
  }
}

function isPulumi(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").startsWith("pulumi");
  } catch {
    return false;
  }
}

interface PendingOperation {
  readonly type: string;
  readonly resource: {
    readonly type: string;
    readonly inputs?: {
      readonly kind?: string;
      readonly name?: string;
      readonly metadata?: { readonly name?: string; readonly namespace?: string };
    };
  };
}

interface StackExport {
  readonly deployment: { pending_operations?: PendingOperation[] };
}

/**
 * Mends the state after a killed update: what it was about to create may exist without the state knowing,
 * so it is removed, to be made anew by the next update.
 */
export async function clearPendingCreates(caller: Caller): Promise<void> {
  const { environment, instance, stack } = caller;
  const exported = await askPulumi(caller, ["stack", "export", "--stack", stack]);
  const state = JSON.parse(exported) as StackExport;
  const creates = (state.deployment.pending_operations ?? []).filter(
    (operation) => operation.type === "creating",
  );
  for (const { resource } of creates) {
    if (resource.type.startsWith("kubernetes:")) await deleteObject(resource, environment);
    if (resource.type.endsWith("DeployToken") && resource.inputs?.name !== undefined) {
      await deleteDeployTokens(
        instance,
        await ensureTrust(instance),
        resource.inputs.name,
        idsInState(state),
      );
    }
  }
  if (creates.length > 0) {
    const clear = ["refresh", "--clear-pending-creates", "--yes", "--skip-preview"];
    await askPulumi(caller, [...clear, "--stack", stack]);
  }
}

async function deleteObject(
  resource: PendingOperation["resource"],
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  const { kind, metadata } = resource.inputs ?? {};
  if (kind === undefined || metadata?.name === undefined) return;
  const namespace = metadata.namespace === undefined ? [] : ["--namespace", metadata.namespace];
  await run("kubectl", ["delete", kind, metadata.name, ...namespace, "--ignore-not-found"], {
    env: { ...process.env, ...environment },
  });
}

function idsInState(state: StackExport): string[] {
  const { resources = [] } = state.deployment as { resources?: { id?: string }[] };
  return resources.flatMap(({ id }) => (id === undefined ? [] : [id]));
}
