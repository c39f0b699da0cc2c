import { cpSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { checkout } from "../../test/e2e/support/checkout";
import { page } from "../../test/e2e/support/edit";
import { work } from "./byHand";
import { run } from "./sandbox";

const site = join(checkout, "site");

/** The site outside of an image, with installed packages, as a person has it who works on it. */
export const hostSite = join(work, "site");

/** Output of its build. */
export const hostOutput = join(hostSite, "public");

const env = { ...process.env, GATSBY_TELEMETRY_DISABLED: "1", CI: "true" };

/** Copies the site, installs its packages, and builds it once, so that Gatsby's cache is warm. */
export async function prepareHostBuild(): Promise<void> {
  mkdirSync(hostSite, { recursive: true });
  for (const entry of readdirSync(site))
    cpSync(join(site, entry), join(hostSite, entry), { recursive: true });
  if (!existsSync(join(hostSite, "node_modules"))) {
    await run(["npm", "ci", "--no-audit", "--no-fund"], { cwd: hostSite, env });
  }
  await buildOnHost();
}

/** Builds the site on this machine, with the page that the checkout has. */
export async function buildOnHost(): Promise<void> {
  cpSync(join(checkout, page), join(work, page));
  await run(["npm", "run", "build"], { cwd: hostSite, env });
}
