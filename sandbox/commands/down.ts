import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import pWaitFor from "p-wait-for";

import { removeControlGroup } from "../cluster/controlGroup";
import { instanceExists, instanceNames, openInstance, type Instance } from "../host/instance";
import { stopNode } from "../host/node";
import { instanceVariable, stopProcess } from "../host/processes";
import { cacheFolder } from "../tools/cache";

/**
 * Stops everything that the instance runs. With the node's first process the kernel ends all others,
 * and removes their mounts, interfaces, routes and firewall rules. What was stored stays.
 */
async function stopInstance(instance: Instance): Promise<void> {
  await stopNode(instance);
  // What has no record: Pulumi, its plugins (even of one that was killed), a start that was cut off.
  await Promise.all(findProcesses(instance).map(stopProcess));

  await waitUntilLinkIsGone(instance.label);
  removeControlGroup(instance.label);
  rmSync(instance.run, { recursive: true, force: true });
  rmSync(join(instance.root, "services"), { recursive: true, force: true });
}

/** `make down`: stops the instance that the environment names. */
export async function down(): Promise<void> {
  const name = process.env["SLIPWAY_SANDBOX"] ?? "dev";
  if (!instanceExists(name)) return;
  await stopInstance(openInstance(name));
}

/** `make clean`: stops every instance of this checkout and deletes what they stored, and the caches. */
export async function clean(): Promise<void> {
  for (const name of instanceNames()) {
    const instance = openInstance(name);
    await stopInstance(instance);
    rmSync(instance.root, { recursive: true, force: true });
  }
  rmSync(cacheFolder(process.env), { recursive: true, force: true });
}

/** Processes that were started with this instance's name in their environment. */
function findProcesses(instance: Instance): number[] {
  const mark = `${instanceVariable}=${instance.id}`;
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(mark);
      } catch {
        return false; // It ended, or is the kernel's own.
      }
    })
    .map(Number);
}

/** The kernel removes the node's network, and the link with it, a moment after the last process. */
async function waitUntilLinkIsGone(link: string): Promise<void> {
  await pWaitFor(() => !existsSync(`/sys/class/net/${link}`), {
    interval: 20,
    timeout: { milliseconds: 10_000, message: `Interface ${link} is still there.` },
  });
}
