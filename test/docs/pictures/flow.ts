import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import type { Browser } from "../../soak/support/browser";
import { widths } from "./catalogue";

/**
 * Its one compiled file is taken out of the package: installed with all that it depends on, it would be more than all other
 * packages of this repository that people only need for a picture.
 */
const mermaid = "mermaid@12.3.0";

/** Labels as SVG's own texts, since an SVG in an `<img>` shows no HTML everywhere. */
const options = {
  startOnLoad: false,
  theme: "neutral",
  look: "classic",
  htmlLabels: false,
  flowchart: { htmlLabels: false, rankSpacing: 30, nodeSpacing: 30 },
  fontFamily: "Arial, Helvetica, sans-serif",
  deterministicIds: true,
};

/** Draws a diagram of Mermaid's as SVG, with the diagram's text as description. */
export async function drawFlow(browser: Browser, diagram: string, page: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-mermaid-"));
  try {
    const npm = ["pack", mermaid, "--silent", "--pack-destination", folder];
    const file = execFileSync("npm", npm, { encoding: "utf8" }).trim();
    const script = "package/dist/mermaid.min.js";
    execFileSync("tar", ["-xzf", join(folder, file), "-C", folder, script]);
    await browser.open(pathToFileURL(page).href, { width: 1400, height: 600, scheme: "light" });
    await browser.evaluate(`${readFileSync(join(folder, script), "utf8")}\n;0`);
  } finally {
    rmSync(folder, { recursive: true });
  }
  const drawn = await browser.evaluate<string>(
    `mermaid.initialize(${JSON.stringify(options)});
    mermaid.render("flow", ${JSON.stringify(diagram)}).then(({ svg }) => svg)`,
  );
  const [, width = "0", height = "0"] = /viewBox="\S+ \S+ (\S+) (\S+)"/.exec(drawn) ?? [];
  const size = Math.round((widths.most * Number(height)) / Number(width));
  const [before, after] = drawn.split(/(?<=^<svg[^>]*>)/);
  const root = before
    .replace('width="100%"', `width="${widths.most}" height="${size}"`)
    .replace(/ style="[^"]*"/, ' style="background: white"');
  return `${root}<desc>${escapeText(diagram)}</desc>${after}\n`;
}

/** A text as XML. */
export const escapeText = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
