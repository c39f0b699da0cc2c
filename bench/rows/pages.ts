import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { measureSeconds } from "../measure/pairs";
import type { Report } from "../measure/report";
import { checkout } from "../../test/e2e/support/checkout";
import { work } from "../world/byHand";
import { type BenchSandbox, run } from "../world/sandbox";
import { readContext } from "./files";
import type { Group } from "./group";

/** What many pages cost before and after Gatsby: reading their sources, and nginx's rules for them. */
export const pages: Group = { name: "pages", measure };

const sizes = [10, 100, 1000, 10_000];
const sources = join(checkout, "site", "content", "bench");
const output = join(work, "pages");
const text = "A sentence of a page that says nothing, and says it in a few words.\n".repeat(30);

async function measure(report: Report, sandbox: BenchSandbox): Promise<void> {
  const row = { id: "pages", of: "pages", unit: "s" } as const;
  try {
    await report.grow(
      [
        { ...row, work: "checking and hashing the site's folder" },
        { ...row, work: "preview, the pages are new" },
        { ...row, work: "nginx's rules and compressed files (`nginx.pages.mjs`)" },
      ],
      sizes,
      async (size) => {
        writeSources(size);
        const { seconds } = await readContext();
        const preview = await measureSeconds(() =>
          sandbox.run(["pulumi", "preview", "--stack", "dev"]),
        );
        writeOutput(size);
        const rules = ["node", "nginx.pages.mjs", output, join(work, "rules")] as const;
        const compressed = await measureSeconds(() => run(rules, { cwd: join(checkout, "site") }));
        return [[seconds], [preview], [compressed]];
      },
    );
  } finally {
    for (const folder of [sources, output]) rmSync(folder, { recursive: true, force: true });
  }
}

/** Writes a file for each page into the site's folder. */
function writeSources(count: number): void {
  rmSync(sources, { recursive: true, force: true });
  mkdirSync(sources, { recursive: true });
  for (let page = 1; page <= count; page++) {
    writeFileSync(join(sources, `page-${page}.md`), `# Page ${page}\n\n${text}`);
  }
}

/** Writes what Gatsby leaves of so many pages. */
function writeOutput(count: number): void {
  rmSync(output, { recursive: true, force: true });
  for (let page = 1; page <= count; page++) {
    const folder = join(output, `page-${page}`);
    const data = join(output, "page-data", `page-${page}`);
    for (const one of [folder, data]) mkdirSync(one, { recursive: true });
    writeFileSync(join(folder, "index.html"), `<h1>Page ${page}</h1><p>${text}</p>`);
    const content = { path: `/page-${page}/`, result: { pageContext: { page, text } } };
    writeFileSync(join(data, "page-data.json"), JSON.stringify(content));
  }
}
