import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";

import { measureSeconds } from "../measure/pairs";
import type { Report } from "../measure/report";
import { checkout } from "../../test/e2e/support/checkout";
import { work } from "../world/byHand";
import { run } from "../world/sandbox";
import type { Group } from "./group";

const packageFolder = join(work, "package");
const limit = 0.3;

/** The command's start, where it asks nothing, beside the start of Node alone. */
export const start: Group = { name: "start", measure };

async function measure(report: Report): Promise<void> {
  await measureCommand(report, "in a checkout", checkout, "checkout");
  await report.attempt("packing the package", async () => {
    await unpackPackage();
    await measureCommand(report, "of the installed package", packageFolder, "package");
  });
}

async function measureCommand(
  report: Report,
  place: string,
  folder: string,
  id: string,
): Promise<void> {
  const command = join(folder, "cli", "slipway.js");
  const options = { count: 9, warmUp: true };
  const peer = (): Promise<number> => measureSeconds(() => run(["node", "-e", "0"]));
  const target = { of: "value", is: "at most", limit } as const;
  const row = { unit: "s", comparedWith: "`node -e 0`", peer, target } as const;
  await report.compare(
    [{ ...row, id: `help-${id}`, work: `\`slipway --help\` ${place}` }],
    () => measureSeconds(() => run(["node", command, "--help"])),
    options,
  );
  await report.compare(
    [{ ...row, id: `wrong-${id}`, work: `\`slipway up --wrong\` ${place}` }],
    // It ends with code 2, as a wrong command line has to.
    () => measureSeconds(() => run(["sh", "-c", `node '${command}' up --wrong; [ $? = 2 ]`])),
    options,
  );
}

/** Packs the copy as it would be published, and unpacks it beside installed dependencies. */
async function unpackPackage(): Promise<void> {
  rmSync(packageFolder, { recursive: true, force: true });
  mkdirSync(packageFolder, { recursive: true });
  await run(["npm", "pack", "--silent", "--pack-destination", work]);
  await run(["sh", "-c", `tar -xzf ${work}/slipway-*.tgz --strip-components 1`], {
    cwd: packageFolder,
  });
  await run(["sh", "-c", `rm ${work}/slipway-*.tgz`]);
  symlinkSync(join(checkout, "node_modules"), join(packageFolder, "node_modules"));
  rmSync(join(checkout, "dist"), { recursive: true, force: true });
}
