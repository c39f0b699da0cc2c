import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { findPrograms } from "../../../sandbox/tools/programs";
import { checkout } from "./checkout";

/** Reads a JSON file of the sandbox. */
function read(...path: string[]): unknown {
  return JSON.parse(readFileSync(join(checkout, ".sandbox", "test", ...path), "utf8"));
}

/** Runs buildctl on the sandbox's BuildKit. */
export async function buildctl(...args: string[]): Promise<string> {
  const programs = await findPrograms();
  const { Nodes } = read("buildx", "instances", "slipway") as { Nodes: [{ Endpoint: string }] };
  const address = ["--addr", Nodes[0].Endpoint, "--timeout", "60"];
  return execFileSync(programs.buildctl, [...address, ...args], { encoding: "utf8" });
}

/** Removes everything that BuildKit has built, as on a new runner. */
export async function emptyBuilder(): Promise<void> {
  await buildctl("prune", "--all");
}

/** Lists every build in BuildKit's own history. */
export async function listBuilds(): Promise<string[]> {
  const records = await buildctl("debug", "histories", "--format", "{{.Record.Ref}}\n");
  return records.split("\n").filter(Boolean).sort();
}

/** Removes all images that the node has pulled, as on a new node. */
export async function forgetImages(): Promise<void> {
  const list = async (): Promise<string[]> =>
    // Keeps the image that every pod begins with, which is imported when the node is created.
    (await ctr("images", "list", "--quiet")).split("\n").filter((name) => /^[^/]+$|@/.test(name));
  await ctr("images", "remove", "--sync", ...(await list()));
  const left = await list();
  if (left.length > 0) throw new Error(`The node still has ${left.join(" and ")}.`);
}

/** Runs ctr on the node's containerd, in Kubernetes' namespace. */
async function ctr(...args: string[]): Promise<string> {
  const programs = await findPrograms();
  const { pid } = read("services", "containerd.json") as { pid: number };
  const inNode = ["--target", String(pid), "--mount"];
  const program = [programs.ctr, "--address", "/run/containerd/containerd.sock"];
  return execFileSync("nsenter", [...inNode, ...program, "--namespace", "k8s.io", ...args], {
    encoding: "utf8",
  });
}
