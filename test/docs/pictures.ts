/**
 * `npm run docs:pictures`: takes the documentation's pictures, of a sandbox in which an edited page is on its way to production.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { checkout } from "../e2e/support/checkout";
import { Browser, type View } from "../soak/support/browser";
import { limitBytes, pictures, readDiagram } from "./pictures/catalogue";
import { drawFlow } from "./pictures/flow";
import { renderNotePage } from "./pictures/note";
import { endRelease, playRelease } from "./pictures/world";

/** A whole page, made smaller: at its own size it takes more than a picture may. */
const wide: View = { width: 1500, height: 300, scheme: "light", scale: 0.8 };
/** A part of a page, whose texts are as large as those around the picture. */
const narrow: View = { ...wide, width: 900, scale: 1.5 };

/** What no picture may show: tokens, and what this machine is called and has. */
function findPrivate(text: string): string | undefined {
  const registry = execFileSync("npm", ["config", "get", "registry"], { encoding: "utf8" });
  const names = [checkout, `${homedir()}/`, new URL(registry.trim()).hostname];
  return /\bgl[a-z]{2,4}-[\w-]{10,}/.exec(text)?.[0] ?? names.find((name) => text.includes(name));
}

function write(file: string, content: Buffer | string): void {
  writeFileSync(file, content);
  process.stdout.write(`${file}: ${Math.ceil(content.length / 1000)} kB of ${limitBytes / 1000}\n`);
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-pictures-"));
  const page = join(folder, "page.html");
  const browser = await Browser.start();
  const photograph = async (html: string, view: View, selector?: string): Promise<Buffer> => {
    writeFileSync(page, html);
    await browser.open(pathToFileURL(page).href, view);
    const found = findPrivate(await browser.evaluate<string>("document.body.innerText"));
    if (found !== undefined) throw new Error(`The picture would show \`${found}\`.`);
    return browser.photograph(selector);
  };
  try {
    const { note, statusPage } = await playRelease();
    const caption =
      "A merge request's note, as `slipway preview-report --note` wrote it in the sandbox";
    write(pictures.note.file, await photograph(renderNotePage(note, caption), narrow));
    write(pictures.status.file, await photograph(statusPage, wide));
    write(pictures.path.file, await photograph(statusPage, narrow, "main > .stage"));
    writeFileSync(page, "<!doctype html><meta charset='utf-8'><body></body>");
    const diagram = readDiagram(readFileSync("README.md", "utf8"));
    write(pictures.flow.file, await drawFlow(browser, diagram, page));
  } finally {
    await browser.stop();
    rmSync(folder, { recursive: true });
    await endRelease();
  }
}

void main();
