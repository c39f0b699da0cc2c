import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { UserError } from "../errors";
import type { CommandContext } from "../io";
import { type ImportedResource, renderImportCommand, renderImportFile } from "./importFile";
import { type ClusterArgs, type ObjectName, withCluster } from "./kubectl";
import {
  computeObjectId,
  findDoubt,
  findObjectName,
  findPendingCreates,
  type PendingCreate,
} from "./pendingCreates";
import type { Pulumi } from "./pulumiCli";
import { isKubernetesObject } from "./resourceTypes";
import { listPendingCreates, type StackState } from "./stackState";

/** Which stack to recover. */
export interface RecoveryArgs extends ClusterArgs {
  /** Its current state. */
  readonly state: StackState;
}

/**
 * Recovers from a killed update. The objects that it was about to create may exist although they are not in the
 * state, and Kubernetes would refuse to create them again. They are imported into the state. Nothing is ever
 * deleted, because an object may be in use by now, or may belong to another program.
 *
 * It only reads at first. All changes are made by Pulumi, which locks the stack for them. So if another update
 * is running, this stops at the lock and has changed nothing.
 *
 * @returns the creates that killed updates had begun; Pulumi has forgotten them. Deploy tokens among them may
 *   exist in GitLab. They are not imported, since their values can't be read again.
 * @throws UserError if an object exists and it is not certain that the killed update created it
 */
export async function recoverPendingCreates(
  { state, ...stack }: RecoveryArgs,
  pulumi: Pulumi,
  io: CommandContext,
): Promise<readonly PendingCreate[]> {
  if (listPendingCreates(state).length === 0) return [];
  const creates = findPendingCreates(state, await pulumi.findLastEnd(stack.stack));
  io.print(
    `An update of \`${stack.stack}\` was killed, or is running now. Checking what it was creating.`,
  );
  const existing = await findExisting(creates, { state, ...stack }, pulumi, io);
  if (existing.length > 0) await importObjects(existing, stack.stack, pulumi, io);
  if (!(await pulumi.clearPendingCreates(stack.stack))) {
    throw new UserError(
      `The state of \`${stack.stack}\` could not be refreshed; the reason is above. Fix it, and run this again.`,
    );
  }
  return creates;
}

/** Finds the objects that exist, that the state does not know, and that the killed update has created. */
async function findExisting(
  creates: readonly PendingCreate[],
  { state, ...stack }: RecoveryArgs,
  pulumi: Pulumi,
  io: CommandContext,
): Promise<readonly ImportedResource[]> {
  const unknown = creates.flatMap((create) => {
    const { resource } = create;
    const object = isKubernetesObject(resource.type) ? findObjectName(resource) : undefined;
    if (object === undefined || isKnown(state, resource.type, computeObjectId(object))) return [];
    return [{ create, object, id: computeObjectId(object) }];
  });
  if (unknown.length === 0) return [];
  return withCluster(stack, pulumi, io, async (read) => {
    const found: ImportedResource[] = [];
    const doubts: string[] = [];
    for (const { create, id, object } of unknown) {
      const live = await read(object);
      if (live === undefined) continue;
      const imported = { resource: create.resource, id };
      const name = `${object.kind} \`${id}\``;
      const doubt = findDoubt(create, live);
      if (isReplaced(state, create.resource.urn)) {
        doubts.push(
          `  - ${name} replaces an object that the state still has, so it can't be imported. Delete it if nothing uses it:\n      ${renderDeleteCommand(object)}`,
        );
      } else if (doubt !== undefined) {
        doubts.push(
          `  - ${name} ${doubt}. If it belongs to this stack:\n      ${renderImportCommand(imported, stack.stack)}`,
        );
      } else found.push(imported);
    }
    if (doubts.length > 0) throw describeDoubts(doubts, stack.stack);
    return found;
  });
}

/**
 * An object may be in the state under another URN by now. An object that is about to be deleted does not count.
 */
function isKnown({ resources }: StackState, type: string, id: string): boolean {
  return resources.some(
    (one) => one.type === type && one.id === id && !one.delete && !one.pendingReplacement,
  );
}

/** Pulumi can't import an object to a URN that is in the state. */
function isReplaced({ resources }: StackState, urn: string): boolean {
  return resources.some((one) => one.urn === urn && !one.delete);
}

async function importObjects(
  existing: readonly ImportedResource[],
  stack: string,
  pulumi: Pulumi,
  io: CommandContext,
): Promise<void> {
  for (const { id, resource } of existing) {
    const { kind } = findObjectName(resource) ?? { kind: resource.type };
    io.print(`${kind} \`${id}\` exists: it is imported into the state.`);
  }
  const folder = mkdtempSync(join(tmpdir(), "slipway-import-"));
  try {
    const file = join(folder, "import.json");
    writeFileSync(file, renderImportFile(existing), { mode: 0o600 });
    if (await pulumi.importResources(stack, file)) return;
  } finally {
    rmSync(folder, { recursive: true });
  }
  throw new UserError(
    `What the killed update has created could not be imported into the state of \`${stack}\`; the reason is above. Fix it, and run this again.`,
  );
}

function renderDeleteCommand({ kind, name, namespace }: ObjectName): string {
  const place = namespace === undefined ? "" : ` --namespace ${namespace}`;
  return `kubectl delete ${kind.toLowerCase()} ${name}${place}`;
}

function describeDoubts(doubts: readonly string[], stack: string): UserError {
  return new UserError(
    [
      `A killed update of \`${stack}\` was about to create these objects. They exist, but it is not certain that this update created them. Nothing was changed:`,
      ...doubts,
      "If an object belongs to another program, give this stack's object another name. To make Pulumi forget what that update was about to create:",
      `    pulumi refresh --clear-pending-creates --yes --stack ${stack}`,
    ].join("\n"),
  );
}
