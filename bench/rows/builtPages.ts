import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { measureSeconds } from "../measure/pairs";
import type { Report } from "../measure/report";
import { checkout, git } from "../../test/e2e/support/checkout";
import type { BenchSandbox } from "../world/sandbox";
import type { Group } from "./group";

/** Sites with many pages, built and deployed. */
export const builtPages: Group = { name: "built-pages", measure };

/** Ten thousand take minutes of Gatsby's own: only `--long` measures them. */
const sizes = [10, 100, 1000];
const longSizes = [...sizes, 10_000];
const site = join(checkout, "site");
const template = join("src", "templates", "generated.js");
const hook = "gatsby-node.mjs";

async function measure(report: Report, sandbox: BenchSandbox): Promise<void> {
  const row = { id: "built-pages", of: "pages", unit: "s" } as const;
  try {
    await report.grow(
      [
        { ...row, work: "`slipway up --yes`, all pages are new" },
        { ...row, work: "`slipway up --yes`, nothing changed" },
      ],
      report.isLong ? longSizes : sizes,
      async (size) => {
        addPages(size);
        const up = (): Promise<number> =>
          measureSeconds(() => sandbox.slipway("up", "dev", "--yes"));
        const first = await up();
        return [[first], [await up()]];
      },
    );
  } finally {
    rmSync(join(site, template), { force: true });
    git(checkout, "checkout", "--", join("site", hook));
    await sandbox.slipway("up", "dev", "--yes");
  }
}

const component = `import * as React from "react";

export default function GeneratedPage({ pageContext: { number, paragraphs } }) {
  return (
    <main>
      <h1>Page {number}</h1>
      {paragraphs.map((text) => (
        <p key={text}>{text}</p>
      ))}
    </main>
  );
}
`;

/** Makes the site's \`gatsby-node\` create so many pages beside its own, each with its text in its context. */
function addPages(count: number): void {
  git(checkout, "checkout", "--", join("site", hook));
  const start = "export async function createPages({ actions }) {";
  const text = readFileSync(join(site, hook), "utf8");
  if (!text.includes(start)) throw new Error(`\`site/${hook}\` has no line \`${start}\`.`);
  const loop = `${start}
  for (let number = 1; number <= ${count}; number++) {
    const paragraphs = Array.from({ length: 20 }, (_, index) => \`Paragraph \${index} of page \${number}, with a few words more.\`);
    const component = resolve("${template}");
    actions.createPage({ path: \`/generated/\${number}/\`, component, context: { number, paragraphs } });
  }
`;
  writeFileSync(join(site, hook), text.replace(start, loop));
  writeFileSync(join(site, template), component);
}
