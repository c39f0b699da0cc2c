import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { measureSeconds } from "../measure/pairs";
import type { Report } from "../measure/report";
import { checkout } from "../../test/e2e/support/checkout";
import { work } from "../world/byHand";
import { InstalledProgram } from "../world/installedProgram";
import type { BenchSandbox } from "../world/sandbox";
import type { Group } from "./group";

const emptyProgram = join(work, "empty-program");
const stack = ["--stack", "dev"] as const;

/** Preview and update when nothing has changed, beside those of a program that makes nothing. */
export const noChanges: Group = { name: "no-changes", measure };

async function measure(report: Report, sandbox: BenchSandbox): Promise<void> {
  await createEmptyProgram(sandbox);
  await report.attempt("an installed program", async () => {
    const program = await InstalledProgram.create(sandbox);
    await compare(report, sandbox, {
      id: "installed",
      place: "the installed package",
      preview: () => program.pulumi("preview", ...stack),
      up: () => program.slipway("up", "dev", "--yes"),
    });
  });
  await compare(report, sandbox, {
    id: "checkout",
    place: "a checkout",
    preview: () => sandbox.run(["pulumi", "preview", ...stack]),
    up: () => sandbox.slipway("up", "dev", "--yes"),
  });
}

/** A program whose stack has nothing to change. */
interface Program {
  readonly id: string;
  /** Where its code is. */
  readonly place: string;
  readonly preview: () => Promise<unknown>;
  readonly up: () => Promise<unknown>;
}

async function compare(
  report: Report,
  sandbox: BenchSandbox,
  { id, place, preview, up }: Program,
): Promise<void> {
  const inEmpty = (...args: string[]) =>
    measureSeconds(() => sandbox.run(["pulumi", ...args, ...stack], { cwd: emptyProgram }));
  await report.compare(
    [
      {
        id: `preview-${id}`,
        work: `preview with ${place}, nothing changed`,
        unit: "s",
        comparedWith: "preview of an empty program",
        peer: () => inEmpty("preview"),
        target: { of: "ratio", is: "at most", limit: 1.3 },
      },
    ],
    () => measureSeconds(preview),
    { count: 7, warmUp: true },
  );
  await report.compare(
    [
      {
        id: `up-${id}`,
        work: `\`slipway up --yes\` with ${place}, nothing changed`,
        unit: "s",
        comparedWith: "`pulumi up --yes --skip-preview` of an empty program",
        peer: () => inEmpty("up", "--yes", "--skip-preview"),
        target: { of: "ratio", is: "at most", limit: 1.5 },
      },
      {
        id: `up-previewed-${id}`,
        work: `\`slipway up --yes\` with ${place}, nothing changed`,
        unit: "s",
        comparedWith: "`pulumi up --yes` of an empty program, with its preview",
        peer: () => inEmpty("up", "--yes"),
      },
    ],
    () => measureSeconds(up),
    { count: 5, warmUp: true },
  );
}

/** The least that Pulumi does: its start, and that of a Node program that makes nothing. */
async function createEmptyProgram(sandbox: BenchSandbox): Promise<void> {
  rmSync(emptyProgram, { recursive: true, force: true });
  mkdirSync(emptyProgram, { recursive: true });
  const files = {
    "Pulumi.yaml": "name: empty\nruntime: nodejs\nmain: index.js\n",
    "package.json": "{}",
    "index.js": 'require("@pulumi/pulumi");\n',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(emptyProgram, name), text);
  symlinkSync(join(checkout, "node_modules"), join(emptyProgram, "node_modules"));
  const select = ["pulumi", "stack", "select", "organization/empty/dev", "--create"] as const;
  await sandbox.run(select, { cwd: emptyProgram });
}
