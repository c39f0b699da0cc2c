import { lt } from "semver";

import { UserError } from "../errors";
import type { CommandContext } from "../io";
import type { Finding, Outcome } from "./step";

interface Tool {
  readonly name: string;
  readonly args: readonly string[];
  /** Oldest version that works. */
  readonly least: string;
  readonly install: string;
}

const tools: readonly Tool[] = [
  {
    name: "pulumi",
    args: ["version"],
    least: "3.259.0",
    install: "curl -fsSL https://get.pulumi.com | sh",
  },
  {
    name: "kubectl",
    args: ["version", "--client", "--output", "json"],
    least: "1.28.0",
    install: "https://kubernetes.io/docs/tasks/tools/",
  },
];

const leastNode = "22.19.0";

/** Compares the versions of the tools that a stack needs with the oldest ones that work. */
export async function inspectTools(
  io: Pick<CommandContext, "capture">,
  cwd: string,
  needsAll: boolean,
): Promise<Outcome> {
  const node = process.versions.node;
  const found = needsAll ? await Promise.all(tools.map((tool) => inspectTool(tool, io, cwd))) : [];
  const versions = found.flatMap(({ text }) => text ?? []);
  const findings = found.flatMap(({ finding }) => finding ?? []);
  if (lt(node, leastNode)) {
    findings.push({
      cause: `Node is ${node}, and Slipway needs ${leastNode} or newer.`,
      remedy: "https://nodejs.org/en/download",
    });
  }
  return { detail: [`node ${node}`, ...versions].join(", "), findings };
}

async function inspectTool(
  { args, install, least, name }: Tool,
  io: Pick<CommandContext, "capture">,
  cwd: string,
): Promise<{ text?: string; finding?: Finding }> {
  try {
    const { stdout } = await io.capture(name, args, cwd);
    const version = /(\d+\.\d+\.\d+)/.exec(stdout)?.[1];
    // A build of one's own may have no version.
    if (version === undefined || !lt(version, least))
      return { text: `${name} ${version ?? ""}`.trim() };
    return {
      finding: {
        cause: `${name} is ${version}, and Slipway needs ${least} or newer.`,
        remedy: install,
      },
    };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { finding: { cause: `\`${name}\` is not on PATH.`, remedy: install } };
  }
}
