import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

const root = "/sys/fs/cgroup";

/** Creates the control group of all pods, so that removing it leaves no group of a pod behind. */
export function makeControlGroup(label: string): void {
  const isUnified = readdirSync(root).includes("cgroup.controllers");
  if (isUnified) {
    const controllers = readFileSync(join(root, "cgroup.controllers"), "utf8").trim().split(" ");
    const enable = controllers.map((controller) => `+${controller}`).join(" ");
    writeFileSync(join(root, "cgroup.subtree_control"), enable);
    mkdirSync(join(root, label), { recursive: true });
    writeFileSync(join(root, label, "cgroup.subtree_control"), enable);
    return;
  }
  for (const hierarchy of readdirSync(root)) {
    mkdirSync(join(root, hierarchy, label), { recursive: true });
  }
}

/** Removes the control group and the groups of pods below it. */
export function removeControlGroup(label: string): void {
  for (const group of [root, ...readdirSync(root).map((name) => join(root, name))]) {
    removeGroup(join(group, label));
  }
}

function removeGroup(folder: string): void {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) removeGroup(join(folder, entry.name));
  }
  rmdirSync(folder);
}
