import { readFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";

const bytesPerGB = 1e9;

/** Describes this machine in a sentence, without its name. */
export function describeMachine(): string {
  const [{ model }] = cpus();
  const release = readFileSync("/etc/os-release", "utf8");
  const [, system = "Linux"] = /^PRETTY_NAME="(.*)"$/m.exec(release) ?? [];
  const memory = (totalmem() / bytesPerGB).toFixed(0);
  const [, , load] = loadavg();
  return `${cpus().length} cores (${model.trim()}), ${memory} GB, ${system}, Node ${process.versions.node}; load of the quarter of an hour before: ${load.toFixed(1)}.`;
}
