import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import pWaitFor from "p-wait-for";

import { removeControlGroup } from "../cluster/controlGroup";
import { instanceExists, instanceNames, openInstance, type Instance } from "../host/instance";
import { stopNode } from "../host/node";
import { instanceVariable, stopProcess } from "../host/processes";
import { cacheFolder } from "../tools/cache";

/**
 * Stops everything that the instance runs, and keeps its data. When the node's first process ends, the kernel ends
 * all others, and removes their mounts, interfaces, routes and firewall rules.
 */
async function stopInstance(instance: Instance): Promise<void> {
  await stopNode(instance);
  // Processes without a record: Pulumi, its plugins (even of a killed Pulumi), and an interrupted start.
  await Promise.all(findProcesses(instance).map(stopProcess));

  await waitUntilLinkIsGone(instance.label);
  removeControlGroup(instance.label);
  rmSync(instance.run, { recursive: true, force: true });
  rmSync(join(instance.root, "services"), { recursive: true, force: true });
}

/** `make down`: stops the instance that `SLIPWAY_SANDBOX` names. */
export async function down(): Promise<void> {
  const name = process.env["SLIPWAY_SANDBOX"] ?? "dev";
  if (!instanceExists(name)) {
    console.log(`There is no sandbox \`${name}\` in this checkout, so there is nothing to stop.`);
    return;
  }
  await stopInstance(openInstance(name));
  console.log(
    `Stopped sandbox \`${name}\`. Its data stays in .sandbox/${name}; \`make up\` starts it again.`,
  );
}

/** `make clean`: stops every instance of this checkout and deletes their data and the caches. */
export async function clean(): Promise<void> {
  const cache = cacheFolder(process.env);
  const folders = [...instanceNames().map((name) => join(".sandbox", name)), cache];
  console.log(
    `Deleting ${folders.join(", ")}. The next \`make up\` builds all tools again, which takes about twenty minutes on two cores.`,
  );
  for (const name of instanceNames()) {
    const instance = openInstance(name);
    await stopInstance(instance);
    rmSync(instance.root, { recursive: true, force: true });
  }
  rmSync(cache, { recursive: true, force: true });
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
        return false; // It ended, or it is a process of the kernel.
      }
    })
    .map(Number);
}

/** Waits for the link to the node to disappear: the kernel removes it a moment after the last process. */
async function waitUntilLinkIsGone(link: string): Promise<void> {
  await pWaitFor(() => !existsSync(`/sys/class/net/${link}`), {
    interval: 20,
    timeout: { milliseconds: 10_000, message: `Interface ${link} is still there.` },
  });
}
